<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Unit\EventHandler;

use Aligate\Aliexpress\EventHandler\Id;
use PHPUnit\Framework\TestCase;

final class IdTest extends TestCase
{
    /**
     * @test
     * @dataProvider shapes
     */
    public function everyShapeOfAnIdIsRead(mixed $value, int $id): void
    {
        self::assertSame($id, Id::of($value));
    }

    /** @return array<string, array{mixed, int}> */
    public static function shapes(): array
    {
        return [
            'an integer' => [5, 5],
            'the text of the exchange' => ['5', 5],
            'the primary key of an ORM event' => [['ID' => 5], 5],
            'its text' => [['ID' => '5'], 5],
            'a primary key of another name' => [['PRODUCT_ID' => 5], 5],
            'a row' => [['ID' => '7', 'IBLOCK_ID' => '3'], 7],
            'a key of two columns' => [['IBLOCK_SECTION_ID' => 3, 'IBLOCK_ELEMENT_ID' => 5], 0],
            'false of a refused write' => [false, 0],
            'null' => [null, 0],
            'a negative number' => [-5, 0],
            'a text with SQL' => ['5 OR 1=1', 0],
            'an object' => [new \stdClass(), 0],
            'nothing' => [[], 0],
        ];
    }
}
