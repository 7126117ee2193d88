<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Sending;

use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Sending\DrainReport;
use Aligate\Aliexpress\Sending\Senders;
use Aligate\Aliexpress\Sending\VersionClock;
use Aligate\Aliexpress\Sweep\Sweep;
use Bitrix\Main\Application;

require_once __DIR__ . '/SendingTestCase.php';

/** A database that is older than what was sent, and a module that was installed anew. */
final class RestorationTest extends SendingTestCase
{
    private const TABLES = ['outbox', 'sent', 'state', 'order', 'log'];

    /** @test */
    public function aRestoredShopHoldsBackWhatTakesOffSaleUntilAPersonConfirmsIt(): void
    {
        [$kept, $soldOut, $deleted] = [$this->sold('KEPT', 5), $this->sold('OUT', 6), $this->sold('GONE', 7)];
        $this->touch(Kind::Product, [$kept, $soldOut, $deleted]);
        $this->drain();
        $this->backUp(600);
        $this->shop->quantity($kept, 4);
        $this->touch(Kind::Stock, [$kept]);
        $this->drain();
        $this->restore();
        $this->gateway->told();

        $this->shop->quantity($kept, 3);
        $this->shop->quantity($soldOut, 0);
        $this->shop->sql("DELETE FROM b_iblock_element WHERE ID = $deleted");
        $this->touch(Kind::Stock, [$kept, $soldOut]);
        $this->touch(Kind::Product, [$deleted]);
        self::assertSame(DrainReport::Drained, $this->drain());
        self::assertSame(['stock.changed KEPT 3'], $this->gateway->told());
        self::assertSame(["S $soldOut P shop_restored", "P $deleted P shop_restored"], $this->rows('P'));
        self::assertNotNull($this->senders()->restoration->noticedAt(1));
        self::assertNull(Sweep::of($this->senders())->run($this->connection(), microtime(true) + 30), 'the sweep waits as well');

        self::assertSame(2, $this->senders()->restoration->confirm(1));
        self::assertSame(DrainReport::Drained, $this->drain());
        self::assertSame(["product.deleted $deleted", 'stock.changed OUT 0'], $this->gateway->told());
        self::assertSame([], $this->rows('P'));
        self::assertNull($this->senders()->restoration->noticedAt(1));
    }

    /** @test */
    public function aFullExportAfterwardsMakesAliExpressEqualToTheShop(): void
    {
        $ids = array_map(fn (int $at): int => $this->sold("SKU-$at", $at), range(1, 5));
        $this->touch(Kind::Product, $ids);
        $this->drain();
        $this->backUp(600);
        foreach ($ids as $at => $id) {
            $this->shop->quantity($id, 90 + $at);
        }
        $this->touch(Kind::Stock, $ids);
        $this->drain();
        $this->restore();
        foreach ($ids as $at => $id) {
            $this->shop->quantity($id, $at);
        }
        $this->drain();
        $this->senders()->restoration->confirm(1);
        $this->touch(Kind::Product, $ids, true);
        $this->drain();

        $told = array_map(fn (int $at): ?int => $this->gateway->stock("SKU-$at"), range(1, 5));
        self::assertSame([0, 1, 2, 3, 4], $told);
    }

    /** @test */
    public function aDatabaseThatLostItsLastMomentsIsNotRestored(): void
    {
        $id = $this->sold('A', 5);
        $this->touch(Kind::Stock, [$id]);
        $this->drain();
        $this->backUp(20);
        $this->touch(Kind::Stock, [$id]);
        $this->drain();
        $this->restore();
        $this->shop->quantity($id, 0);
        $this->touch(Kind::Stock, [$id]);
        $this->drain();

        self::assertSame(0, $this->gateway->stock('A'));
        self::assertNull($this->senders()->restoration->noticedAt(1));
    }

    /** @test */
    public function aModuleInstalledAnewGoesOnWhereTheGatewayStands(): void
    {
        $id = $this->sold('A', 5);
        $this->touch(Kind::Stock, [$id]);
        $this->drain();
        foreach (self::TABLES as $table) {
            $this->shop->sql("DELETE FROM b_aligate_aliexpress_$table");
        }
        Application::getConnection()->queryExecute('SET timestamp = UNIX_TIMESTAMP() - 86400');
        $this->shop->quantity($id, 0);
        $this->touch(Kind::Stock, [$id]);

        self::assertSame(DrainReport::Drained, $this->drain());
        self::assertSame(0, $this->gateway->stock('A'), 'nothing is held back: it is another installation');
    }

    /** @test */
    public function theMarkerOutlivesOneOfItsFolders(): void
    {
        $root = (string)Application::getDocumentRoot();
        $this->touch(Kind::Stock, [$this->sold('A', 5)]);
        $this->drain();
        $folders = ["$root/upload/aligate.aliexpress", "$root/bitrix/cache/aligate.aliexpress"];
        foreach ($folders as $folder) {
            self::assertFileExists("$folder/connection-1.json");
        }
        $installation = (string)$this->senders()->states->get(1, 'installation');
        $floor = (new VersionClock(Application::getConnection(), $this->senders()->states))->floor(1);
        self::assertSame($floor, Senders::marker()->read(1, $installation));
        unlink("{$folders[0]}/connection-1.json");
        self::assertSame($floor, Senders::marker()->read(1, $installation));
        self::assertSame(0, Senders::marker()->read(1, 'another'));
        Senders::marker()->delete();
        self::assertSame(0, Senders::marker()->read(1, $installation));
        self::assertDirectoryDoesNotExist($folders[1]);
    }

    private function sold(string $sku, float $quantity): int
    {
        $id = $this->shop->product($sku);
        $this->shop->goods($id, $quantity);

        return $id;
    }

    /** Keeps the module's tables as they are, as if it were so many seconds ago. */
    private function backUp(int $secondsAgo): void
    {
        foreach (self::TABLES as $table) {
            $this->shop->sql("CREATE TABLE backup_$table AS SELECT * FROM b_aligate_aliexpress_$table");
        }
        $back = $secondsAgo * 1000000;
        $this->shop->sql("UPDATE backup_state SET VALUE = VALUE - $back WHERE NAME = 'version_floor'");
    }

    private function restore(): void
    {
        foreach (self::TABLES as $table) {
            $this->shop->sql("DELETE FROM b_aligate_aliexpress_$table");
            $this->shop->sql("INSERT INTO b_aligate_aliexpress_$table SELECT * FROM backup_$table");
        }
    }
}
