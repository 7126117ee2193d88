<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Outbox;

use Aligate\Aliexpress\Outbox\Cause;
use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Outbox\OutboxRow;
use Aligate\Aliexpress\Tests\Integration\InstalledModuleTestCase;
use Bitrix\Main\Application;

require_once dirname(__DIR__) . '/InstalledModuleTestCase.php';

final class OutboxRepositoryTest extends InstalledModuleTestCase
{
    /** @test */
    public function rowsAreTakenUntilTheyAreAcknowledged(): void
    {
        $this->outbox()->append(1, Kind::Stock, [5, 6], Cause::Order, true);
        $taken = $this->outbox()->take(1, 10);
        self::assertSame([[5, true], [6, true]], $this->entities($taken));
        self::assertSame($this->entities($taken), $this->entities($this->outbox()->take(1, 10)), 'taking changes nothing');

        $this->outbox()->acknowledge([$taken[0]->id], 'GEN-A');
        self::assertSame([[6, true]], $this->entities($this->outbox()->take(1, 10)));
        self::assertSame([], $this->outbox()->take(2, 10), 'another connection has its own rows');
    }

    /** @test */
    public function stockAndOrdersGoFirstAndProductsKeepAQuarterOfThePlaces(): void
    {
        $this->outbox()->append(1, Kind::Product, range(1, 40), Cause::Export);
        $this->outbox()->append(1, Kind::Stock, range(101, 140), Cause::Edit);
        $this->outbox()->append(1, Kind::Order, [7], Cause::Edit);

        $kinds = array_count_values(array_map(static fn (OutboxRow $row): string => $row->kind->value, $this->outbox()->take(1, 20)));
        self::assertSame(['S' => 15, 'P' => 5], $kinds);
        $all = $this->outbox()->take(1, 100);
        self::assertCount(81, $all);
        self::assertCount(81, array_unique(array_map(static fn (OutboxRow $row): int => $row->id, $all)));
    }

    /** @test */
    public function aFullPageOfProductsIsTakenWhereNoStockWaits(): void
    {
        $this->outbox()->append(1, Kind::Product, range(1, 30), Cause::Export);
        $this->outbox()->append(1, Kind::Stock, [101], Cause::Edit);

        self::assertCount(20, $this->outbox()->take(1, 20));
    }

    /** @test */
    public function aRowThatIsCommittedLaterThanAHigherOneIsNotLost(): void
    {
        $other = $this->site->link();
        $other->query('START TRANSACTION');
        $other->query("INSERT INTO b_aligate_aliexpress_outbox (CONNECTION_ID, KIND, ENTITY_ID, CAUSE, HIT) VALUES (1, 'S', 1, 'edit', 'other')");
        $this->outbox()->append(1, Kind::Stock, [2], Cause::Edit);
        $first = $this->outbox()->take(1, 10);
        self::assertSame([[2, false]], $this->entities($first));
        $this->outbox()->acknowledge([$first[0]->id], 'GEN-A');

        $other->query('COMMIT');
        $later = $this->outbox()->take(1, 10);
        self::assertSame([[1, false]], $this->entities($later));
        self::assertLessThan($first[0]->id, $later[0]->id);
    }

    /** @test */
    public function anotherGenerationOfTheStoreMakesAcknowledgedRowsWaitAgainWithForce(): void
    {
        $this->outbox()->append(1, Kind::Price, [5], Cause::Edit);
        $this->outbox()->acknowledge([$this->outbox()->take(1, 10)[0]->id], 'GEN-A');

        self::assertSame(0, $this->outbox()->reopen(1, 'GEN-A'), 'the store is the one that acknowledged');
        self::assertSame([], $this->outbox()->take(1, 10));
        self::assertSame(1, $this->outbox()->reopen(1, 'GEN-B'));
        self::assertSame([[5, true]], $this->entities($this->outbox()->take(1, 10)));
    }

    /** @test */
    public function aParkedRowIsShownWithItsReasonAndBlocksNothing(): void
    {
        $this->outbox()->append(1, Kind::Product, [5, 6], Cause::Edit);
        [$bad, $good] = $this->outbox()->take(1, 10);
        $this->outbox()->park([$bad->id], 'sku_invalid', str_repeat('я', 700));

        self::assertSame([$good->id], array_map(static fn (OutboxRow $row): int => $row->id, $this->outbox()->take(1, 10)));
        $parked = $this->outbox()->parked(1, 10);
        self::assertCount(1, $parked);
        self::assertSame(['sku_invalid', str_repeat('я', 500), 5], [$parked[0]->code, $parked[0]->detail, $parked[0]->row->entityId]);
        $depth = $this->outbox()->depth(1);
        self::assertSame([1, 1], [$depth->waiting, $depth->parked]);

        self::assertSame(1, $this->outbox()->redrive(1));
        self::assertCount(2, $this->outbox()->take(1, 10));
    }

    /** @test */
    public function acknowledgedRowsAreDeletedAfterFifteenMinutesAndWaitingOnesNever(): void
    {
        $this->outbox()->append(1, Kind::Stock, [1, 2, 3], Cause::Edit);
        $rows = $this->outbox()->take(1, 10);
        $this->outbox()->acknowledge([$rows[0]->id, $rows[1]->id], 'GEN-A');
        $this->age('ACKED_AT', 899, "ID = {$rows[0]->id}");
        $this->age('ACKED_AT', 901, "ID = {$rows[1]->id}");
        $this->age('CREATED_AT', 864000, '1 = 1');

        self::assertSame(1, $this->outbox()->prune([1]));
        self::assertSame(2, $this->rows());
        self::assertSame(864000, $this->outbox()->depth(1)->oldestSeconds);
        self::assertSame(2, $this->outbox()->prune([9]), 'the connection is gone');
    }

    /** @test */
    public function productsOfAnExchangeWaitForItsEndOrFifteenMinutesAndStockDoesNot(): void
    {
        $this->outbox()->append(1, Kind::Product, [5], Cause::Exchange, false, 900);
        $this->outbox()->append(1, Kind::Stock, [5], Cause::Exchange);
        self::assertSame([Kind::Stock], array_map(static fn (OutboxRow $row): Kind => $row->kind, $this->outbox()->take(1, 10)));

        $this->age('NOT_BEFORE', 899, "KIND = 'P'");
        self::assertCount(1, $this->outbox()->take(1, 10));
        $this->age('NOT_BEFORE', 2, "KIND = 'P'");
        self::assertCount(2, $this->outbox()->take(1, 10));
    }

    /** @test */
    public function scopesAreTakenApartFromEntities(): void
    {
        $this->outbox()->append(1, Kind::Section, [3], Cause::Edit);
        $this->outbox()->append(1, Kind::PriceType, [0], Cause::Edit);

        self::assertSame([], $this->outbox()->take(1, 10));
        self::assertSame([[3, false], [0, false]], $this->entities($this->outbox()->takeScopes(1, 10)));
    }

    /**
     * @param list<OutboxRow> $rows
     * @return list<array{int, bool}>
     */
    private function entities(array $rows): array
    {
        return array_map(static fn (OutboxRow $row): array => [$row->entityId, $row->isForced], $rows);
    }

    private function age(string $column, int $seconds, string $where): void
    {
        Application::getConnection()->queryExecute(
            "UPDATE b_aligate_aliexpress_outbox SET $column = $column - INTERVAL $seconds SECOND WHERE $where"
        );
    }

    private function rows(): int
    {
        return (int)Application::getConnection()->queryScalar('SELECT COUNT(*) FROM b_aligate_aliexpress_outbox');
    }
}
