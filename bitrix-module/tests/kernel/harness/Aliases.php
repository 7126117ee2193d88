<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\FakeKernel;

/** The kernel's old names of its ORM classes, which work in type hints and `use` to this day. */
final class Aliases
{
    private const OF = [
        'DataManager' => 'Data\\DataManager', 'AddResult' => 'Data\\AddResult', 'UpdateResult' => 'Data\\UpdateResult',
        'DeleteResult' => 'Data\\DeleteResult', 'Result' => 'Data\\Result', 'Event' => 'Event', 'EventResult' => 'EventResult',
        'EntityError' => 'EntityError', 'Base' => 'Entity', 'Query' => 'Query\\Query', 'FieldError' => 'Fields\\FieldError',
        'Field' => 'Fields\\Field', 'ScalarField' => 'Fields\\ScalarField', 'IntegerField' => 'Fields\\IntegerField',
        'FloatField' => 'Fields\\FloatField', 'StringField' => 'Fields\\StringField', 'TextField' => 'Fields\\TextField',
        'BooleanField' => 'Fields\\BooleanField', 'EnumField' => 'Fields\\EnumField', 'DateField' => 'Fields\\DateField',
        'DatetimeField' => 'Fields\\DatetimeField', 'ExpressionField' => 'Fields\\ExpressionField', 'ReferenceField' => 'Fields\\Relations\\Reference',
    ];

    public static function load(string $class): void
    {
        $short = substr($class, strlen('Bitrix\\Main\\Entity\\'));
        isset(self::OF[$short]) && class_alias('Bitrix\\Main\\ORM\\' . self::OF[$short], $class);
    }
}
