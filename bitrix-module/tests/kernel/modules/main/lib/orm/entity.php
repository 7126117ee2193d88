<?php

namespace Bitrix\Main\ORM;

use Bitrix\Main\Application;
use Bitrix\Main\ArgumentException;
use Bitrix\Main\ORM\Fields\ExpressionField;
use Bitrix\Main\ORM\Fields\Field;
use Bitrix\Main\ORM\Fields\Relations\Reference;
use Bitrix\Main\ORM\Fields\ScalarField;
use Bitrix\Main\SystemException;

/** The map of a table class. */
class Entity
{
    private const TYPES = [
        'integer' => Fields\IntegerField::class, 'string' => Fields\StringField::class, 'text' => Fields\TextField::class,
        'float' => Fields\FloatField::class, 'boolean' => Fields\BooleanField::class, 'datetime' => Fields\DatetimeField::class,
        'date' => Fields\DateField::class, 'enum' => Fields\EnumField::class, 'decimal' => Fields\DecimalField::class,
    ];

    private static $instances = [];

    protected $className;
    protected $fields = [];

    public static function getInstance($entityName)
    {
        $class = ltrim(self::normalizeEntityClass($entityName), '\\');
        if (!isset(self::$instances[$class])) {
            self::$instances[$class] = new self();
            self::$instances[$class]->initialize($class);
        }
        return self::$instances[$class];
    }

    public static function normalizeEntityClass($entityName)
    {
        return str_ends_with(strtolower($entityName), 'table') ? $entityName : $entityName . 'Table';
    }

    public function initialize($className)
    {
        if (!class_exists($className)) {
            throw new ArgumentException("Entity class $className was not found");
        }
        $this->className = $className;
        foreach ($className::getMap() as $name => $info) {
            $this->addField($info, $name);
        }
    }

    public function initializeField($fieldName, $fieldInfo)
    {
        if ($fieldInfo instanceof Field) {
            is_string($fieldName) && $fieldInfo->setName($fieldName);
            return $fieldInfo;
        }
        if (isset($fieldInfo['reference'])) {
            return new Reference($fieldName, $fieldInfo['data_type'], $fieldInfo['reference'], $fieldInfo);
        }
        if (isset($fieldInfo['expression'])) {
            return new ExpressionField($fieldName, array_shift($fieldInfo['expression']), $fieldInfo['expression'], $fieldInfo);
        }
        $class = self::TYPES[$fieldInfo['data_type'] ?? ''] ?? throw new SystemException("Unknown data type of field $fieldName");
        return new $class($fieldName, $fieldInfo);
    }

    public function addField($fieldInfo, $fieldName = null)
    {
        $field = $this->initializeField(is_string($fieldName) ? $fieldName : null, $fieldInfo);
        $field->setEntity($this);
        $this->fields[strtoupper($field->getName())] = $field;
        return $field;
    }

    public function getFields()
    {
        return $this->fields;
    }

    public function getField($name)
    {
        return $this->fields[strtoupper($name)]
            ?? throw new ArgumentException(sprintf('%s Entity has no `%s` field.', $this->getName(), $name));
    }

    public function hasField($name)
    {
        return isset($this->fields[strtoupper($name)]);
    }

    public function getScalarFields()
    {
        return array_filter($this->fields, static fn (Field $field): bool => $field instanceof ScalarField);
    }

    public function getName()
    {
        $short = substr((string)strrchr('\\' . $this->className, '\\'), 1);
        return str_ends_with($short, 'Table') ? substr($short, 0, -5) : $short;
    }

    public function getNamespace()
    {
        return '\\' . substr($this->className, 0, (int)strrpos($this->className, '\\')) . '\\';
    }

    public function getFullName()
    {
        return $this->getNamespace() . $this->getName();
    }

    /** `Bitrix\Catalog\…` is of the module `catalog`, `Vendor\Module\…` of `vendor.module`. */
    public function getModule()
    {
        $parts = explode('\\', strtolower($this->className));
        return match (true) {
            count($parts) < 3 => '',
            $parts[0] === 'bitrix' => $parts[1],
            default => "$parts[0].$parts[1]",
        };
    }

    public function getDataClass()
    {
        return '\\' . $this->className;
    }

    public function getConnection()
    {
        return Application::getConnection($this->className::getConnectionName());
    }

    public function getDBTableName()
    {
        return $this->className::getTableName();
    }

    public function getPrimaryArray()
    {
        $primary = array_filter($this->getScalarFields(), static fn (ScalarField $field): bool => $field->isPrimary());
        return array_values(array_map(static fn (ScalarField $field): string => $field->getName(), $primary));
    }

    public function getPrimary()
    {
        $names = $this->getPrimaryArray();
        return count($names) === 1 ? $names[0] : $names;
    }

    public function getAutoIncrement()
    {
        foreach ($this->getScalarFields() as $field) {
            if ($field->isAutocomplete()) {
                return $field->getName();
            }
        }
        return null;
    }

    public function getCode()
    {
        $namespace = preg_replace('/^BITRIX\\\\/', '', strtoupper(trim($this->getNamespace(), '\\')));
        return trim(str_replace('\\', '_', $namespace) . '_' . strtoupper((string)preg_replace('/(?<=[a-z])(?=[A-Z])/', '_', $this->getName())), '_');
    }

    public function cleanCache()
    {
    }
}
