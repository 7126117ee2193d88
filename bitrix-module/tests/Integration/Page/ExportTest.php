<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Page;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Export\Exporter;
use Aligate\Aliexpress\Export\ProductList;
use Aligate\Aliexpress\Export\Progress;
use Aligate\Aliexpress\Tests\FakeKernel\Shop;
use Aligate\Aliexpress\Tests\Integration\InstalledModuleTestCase;
use Bitrix\Main\Application;

require_once dirname(__DIR__) . '/InstalledModuleTestCase.php';

/** The full export: everything once, in short steps, whoever makes them. */
final class ExportTest extends InstalledModuleTestCase
{
    private Shop $shop;
    private Connection $connection;
    private int $now = 1764000000;
    private int $simple;
    private int $parent;
    private int $offer;

    protected function setUp(): void
    {
        parent::setUp();
        $this->shop = new Shop();
        $this->simple = $this->shop->product('Simple', 5, 100, ['IBLOCK_SECTION_ID' => $this->shop->section]);
        $this->parent = $this->shop->element('Parent');
        $this->offer = $this->shop->offer($this->parent, 'Small');
        $this->connection = $this->connect(['iblock_ids' => [$this->shop->products]]);
        $this->forgetChanges();
    }

    private function exporter(): Exporter
    {
        $now = fn (): int => $this->now;

        return new Exporter($this->states(), $this->outbox(), new ProductList(Application::getConnection()), $now);
    }

    /** @test */
    public function everythingOfTheConnectionIsWrittenOnce(): void
    {
        $started = $this->exporter()->start($this->connection, 0, 0, false);
        self::assertSame([Progress::RUNNING, 0, 2], [$started->state, $started->done, $started->total]);
        self::assertSame(2, $this->exporter()->step($this->connection)->done);
        self::assertSame(Progress::DONE, $this->exporter()->step($this->connection)->state);
        $changes = $this->changes();
        self::assertSame($changes, $this->sorted([
            "1 P {$this->simple} export", "1 P {$this->parent} export", "1 S {$this->simple} export", "1 S {$this->offer} export",
            "1 R {$this->simple} export", "1 R {$this->offer} export",
        ]));
        $this->exporter()->step($this->connection);
        self::assertSame($changes, $this->changes(), 'a step after the end does nothing');
    }

    /** @test */
    public function aSectionIsExportedAlone(): void
    {
        self::assertSame(1, $this->exporter()->start($this->connection, $this->shop->products, $this->shop->section, true)->total);
        $this->exporter()->step($this->connection);
        self::assertContains("1 P {$this->simple} export", $this->changes());
        self::assertNotContains("1 P {$this->parent} export", $this->changes());
    }

    /** @test */
    public function aStrangersInfoblockIsRefused(): void
    {
        $this->expectException(\InvalidArgumentException::class);
        $this->exporter()->start($this->connection, $this->shop->offers, 0, false);
    }

    /** @test */
    public function onePersonStopsItAndAnotherStartsItAnew(): void
    {
        $this->exporter()->start($this->connection, 0, 0, false);
        self::assertSame(Progress::CANCELLED, $this->exporter()->cancel($this->connection)->state);
        $this->exporter()->step($this->connection);
        self::assertSame([], $this->changes());
        $this->exporter()->start($this->connection, 0, 0, false);
        $this->exporter()->step($this->connection);
        self::assertNotSame([], $this->changes());
    }

    /** @test */
    public function oneThatWasLeftBehindIsAnAgents(): void
    {
        self::assertFalse($this->exporter()->isAbandoned($this->connection));
        $this->exporter()->start($this->connection, 0, 0, false);
        self::assertFalse($this->exporter()->isAbandoned($this->connection));
        $this->now += 61;
        self::assertTrue($this->exporter()->isAbandoned($this->connection));
        $this->exporter()->goOn($this->connection, microtime(true) + 10.0);
        self::assertSame(Progress::DONE, $this->exporter()->progress($this->connection)->state);
        self::assertFalse($this->exporter()->isAbandoned($this->connection));
    }

    /** @param list<string> $changes */
    private function sorted(array $changes): array
    {
        sort($changes);

        return $changes;
    }
}
