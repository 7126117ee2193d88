<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Outbox;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Outbox\Cause;
use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Outbox\ScopeExpander;
use Aligate\Aliexpress\Tests\Integration\Catching\CatchingTestCase;
use Bitrix\Main\Application;

require_once dirname(__DIR__) . '/Catching/CatchingTestCase.php';

final class ScopeExpanderTest extends CatchingTestCase
{
    private Connection $connection;

    protected function setUp(): void
    {
        parent::setUp();
        $this->connection = $this->connect(['id' => 1, 'iblock_ids' => [self::GOODS]]);
        $this->forgetChanges();
    }

    /** @test */
    public function aSectionMarksTheProductsInItAndBelowItAndTheirStock(): void
    {
        $this->section(10, null, 1, 6);
        $this->section(11, 10, 2, 3);
        $this->section(12, null, 7, 8);
        $this->element(101, self::GOODS, [10]);
        $this->element(102, self::GOODS, [11, 12]);
        $this->element(103, self::GOODS, [12]);

        $this->outbox()->append(1, Kind::Section, [10], Cause::Edit);
        self::assertTrue($this->expand());
        self::assertSame(['1 P 101 edit', '1 P 102 edit', '1 S 101 edit', '1 S 102 edit'], $this->changes());
    }

    /** @test */
    public function aSectionThatIsAsItWasMarksNothing(): void
    {
        $this->section(10, null, 1, 2);
        $this->element(101, self::GOODS, [10]);
        $this->outbox()->append(1, Kind::Section, [10], Cause::Exchange);
        $this->expand();
        $this->forgetChanges();

        $this->outbox()->append(1, Kind::Section, [10], Cause::Exchange);
        $this->expand();
        self::assertSame([], $this->waiting(), 'the exchange wrote it as it was');

        $this->outbox()->append(1, Kind::Section, [10], Cause::Exchange, true);
        $this->expand();
        self::assertSame(['1 P 101 exchange', '1 S 101 exchange'], $this->changes(), 'forced');
        $this->forgetChanges();

        Application::getConnection()->queryExecute("UPDATE b_iblock_section SET GLOBAL_ACTIVE = 'N' WHERE ID = 10");
        $this->outbox()->append(1, Kind::Section, [10], Cause::Edit);
        $this->expand();
        self::assertSame(['1 P 101 edit', '1 S 101 edit'], $this->changes());
    }

    /** @test */
    public function aSectionOfAnotherCatalogueMarksNothing(): void
    {
        $this->section(10, null, 1, 2, self::OTHER_GOODS);
        $this->element(101, self::OTHER_GOODS, [10]);
        $this->outbox()->append(1, Kind::Section, [10], Cause::Edit);
        $this->expand();
        self::assertSame([], $this->waiting());
    }

    /** @test */
    public function aDefinitionMarksItsProductsOnlyWhenItChanged(): void
    {
        $this->element(101, self::GOODS);
        $this->element(102, self::OTHER_GOODS);
        $this->insert('b_iblock_property', ['ID' => 21, 'IBLOCK_ID' => 2, 'NAME' => 'Colour', 'CODE' => 'COLOR', 'PROPERTY_TYPE' => 'L']);
        $this->insert('b_iblock_property_enum', ['ID' => 5, 'PROPERTY_ID' => 21, 'VALUE' => 'red', 'XML_ID' => 'r']);
        self::assertSame(['1 P 101 edit'], $this->afterDefinition(), 'seen for the first time');
        self::assertSame([], $this->afterDefinition());

        foreach (
            [
                "UPDATE b_iblock_property_enum SET VALUE = 'crimson' WHERE ID = 5" => 'a list value sends no event',
                "UPDATE b_iblock_property SET NAME = 'Shade' WHERE ID = 21" => 'a property',
                'DELETE FROM b_iblock_property_enum WHERE ID = 5' => 'a list value is gone',
            ] as $sql => $what
        ) {
            Application::getConnection()->queryExecute($sql);
            self::assertSame(['1 P 101 edit'], $this->afterDefinition(), $what);
            self::assertSame([], $this->afterDefinition(), $what);
        }
    }

    /** @test */
    public function aDirectoryBelongsToTheDefinition(): void
    {
        $this->element(101, self::GOODS);
        $database = Application::getConnection();
        $database->queryExecute('CREATE TABLE b_hl_colours (ID int PRIMARY KEY, UF_NAME text, UF_XML_ID text, UF_SORT int)');
        $database->queryExecute("INSERT INTO b_hl_colours VALUES (1, 'red', 'r', 100)");
        $this->insert('b_iblock_property', [
            'ID' => 21, 'IBLOCK_ID' => 2, 'NAME' => 'Colour', 'CODE' => 'COLOR', 'PROPERTY_TYPE' => 'S', 'USER_TYPE' => 'directory',
            'USER_TYPE_SETTINGS' => serialize(['size' => 1, 'TABLE_NAME' => 'b_hl_colours']),
        ]);
        $this->afterDefinition();
        $database->queryExecute('UPDATE b_hl_colours SET UF_SORT = 5');
        self::assertSame([], $this->afterDefinition(), 'the order of values is not told');
        $database->queryExecute("UPDATE b_hl_colours SET UF_NAME = 'crimson'");
        self::assertSame(['1 P 101 edit'], $this->afterDefinition());
        $database->queryExecute('DROP TABLE b_hl_colours');
        self::assertSame(['1 P 101 edit'], $this->afterDefinition(), 'a directory that is gone breaks nothing');
    }

    /** @test */
    public function aPriceTypeMarksPricesAndAWarehouseStockOfProductsAndOffers(): void
    {
        $this->element(101, self::GOODS);
        $this->element(102, self::OFFERS);
        $this->element(103, self::OTHER_GOODS);
        $this->outbox()->append(1, Kind::PriceType, [1], Cause::Edit);
        $this->outbox()->append(1, Kind::Warehouse, [0], Cause::Edit);
        $this->expand();
        self::assertSame(['1 R 101 edit', '1 R 102 edit', '1 S 101 edit', '1 S 102 edit'], $this->changes());
        $this->forgetChanges();

        $this->outbox()->append(1, Kind::PriceType, [1], Cause::Exchange);
        $this->expand();
        self::assertSame([], $this->changes(), 'an exchange writes price types as they were');
        $this->outbox()->append(1, Kind::PriceType, [0], Cause::Edit);
        $this->expand();
        self::assertSame(['1 R 101 edit', '1 R 102 edit'], $this->changes(), 'all prices are marked whatever was before');
    }

    /** @test */
    public function manyProductsAreMarkedPageByPageAndADyingProcessGoesOnWhereItWas(): void
    {
        $values = implode(',', array_map(static fn (int $id): string => "($id, 2, 'x', now())", range(1, 1203)));
        Application::getConnection()->queryExecute("INSERT INTO b_iblock_element (ID, IBLOCK_ID, NAME, TIMESTAMP_X) VALUES $values");
        $this->outbox()->append(1, Kind::Iblock, [2], Cause::Export, true);

        self::assertFalse($this->expand(0.0), 'one page at least, whatever the time');
        self::assertCount(501, $this->waiting(), 'the scope waits until its last page is written');
        $this->outbox()->append(1, Kind::Iblock, [2], Cause::Edit);
        $this->nextHit();

        self::assertFalse($this->expand(0.0));
        self::assertFalse($this->expand(0.0));
        $marked = array_filter($this->waiting(), static fn (string $row): bool => str_contains($row, ' P '));
        self::assertCount(1203, array_unique($marked));
        self::assertCount(1203, $marked, 'none twice');
        self::assertSame(['1 I 2 edit'], array_values(array_filter($this->waiting(), static fn (string $row): bool => str_contains($row, ' I '))));
        $forced = Application::getConnection()->queryScalar("SELECT COUNT(*) FROM b_aligate_aliexpress_outbox WHERE FORCED = 'Y'");
        self::assertSame('1203', (string)$forced);

        self::assertTrue($this->expand());
        self::assertCount(2406, $this->waiting(), 'what came meanwhile is expanded after it');
    }

    /** @test */
    public function scopesOfAnExchangeWaitForItsEnd(): void
    {
        $this->element(101, self::GOODS);
        $this->outbox()->append(1, Kind::Definition, [2], Cause::Exchange, false, 900);
        self::assertTrue($this->expand());
        self::assertSame(['1 D 2 exchange'], $this->waiting());
    }

    private function expand(float $seconds = 30.0): bool
    {
        $expander = new ScopeExpander(Application::getConnection(), $this->outbox(), $this->states());

        return $expander->run($this->connection, microtime(true) + $seconds);
    }

    /** @return list<string> */
    private function afterDefinition(): array
    {
        $this->forgetChanges();
        $this->outbox()->append(1, Kind::Definition, [self::GOODS], Cause::Edit);
        self::assertTrue($this->expand());

        return $this->changes();
    }

    private function section(int $id, ?int $parent, int $left, int $right, int $iblock = self::GOODS): void
    {
        $this->insert('b_iblock_section', [
            'ID' => $id, 'IBLOCK_ID' => $iblock, 'IBLOCK_SECTION_ID' => $parent, 'NAME' => "Section $id",
            'LEFT_MARGIN' => $left, 'RIGHT_MARGIN' => $right,
        ]);
    }

    /** @param list<int> $sections */
    private function element(int $id, int $iblock, array $sections = []): void
    {
        $this->insert('b_iblock_element', ['ID' => $id, 'IBLOCK_ID' => $iblock, 'NAME' => "Element $id"]);
        foreach ($sections as $section) {
            $this->insert('b_iblock_section_element', ['IBLOCK_SECTION_ID' => $section, 'IBLOCK_ELEMENT_ID' => $id]);
        }
    }
}
