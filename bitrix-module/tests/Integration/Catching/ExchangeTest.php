<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Catching;

use Aligate\Aliexpress\Outbox\OutboxRow;
use Aligate\Aliexpress\Tests\FakeKernel\Hit;
use Bitrix\Main\Application;

require_once __DIR__ . '/CatchingTestCase.php';

/** What an exchange with 1C holds back, and until when. Each call of `exchange` is a hit of its own, as in a real exchange. */
final class ExchangeTest extends CatchingTestCase
{
    protected function tearDown(): void
    {
        $this->nextHit();
        parent::tearDown();
    }

    /** @test */
    public function productsWaitUntilTheFileOfPricesIsThroughAndStockDoesNot(): void
    {
        $this->exchange(fn () => $this->begin('import0_1.xml'));
        $this->exchange(fn () => $this->touchElement(11));
        $this->exchange(fn () => $this->success('import0_1.xml'));
        self::assertSame(['S 11'], $this->takeable(), 'the product has no price yet');

        $this->exchange(fn () => $this->begin('offers0_1.xml'));
        $this->exchange(fn () => $this->touchElement(12));
        $this->pass(300);
        self::assertSame(['S 11', 'S 12'], $this->takeable());

        $this->exchange(fn () => $this->success('offers0_1.xml'));
        self::assertSame(['P 11', 'P 12', 'S 11', 'S 12'], $this->takeable());
    }

    /** @test */
    public function aShopThatSendsPricesInAFileOfTheirOwnWaitsForThatOne(): void
    {
        $this->exchange(fn () => $this->begin('prices0_1.xml'));
        $this->exchange(fn () => $this->success('prices0_1.xml'));
        $this->pass(3600);

        $this->exchange(fn () => $this->begin('offers0_1.xml'));
        $this->exchange(fn () => $this->touchElement(11));
        $this->exchange(fn () => $this->success('offers0_1.xml'));
        self::assertSame(['S 11'], $this->takeable());
        $this->exchange(fn () => $this->begin('prices0_1.xml'));
        $this->exchange(fn () => $this->success('prices0_1.xml'));
        self::assertSame(['P 11', 'S 11'], $this->takeable());
    }

    /** @test */
    public function withoutAnEndProductsGoAfterFifteenMinutes(): void
    {
        $this->exchange(fn () => $this->begin('import0_1.xml'));
        $this->exchange(fn () => $this->touchElement(11));
        $this->pass(899);
        self::assertSame(['S 11'], $this->takeable());
        $this->pass(2);
        self::assertSame(['P 11', 'S 11'], $this->takeable());
    }

    /** @test */
    public function aCatalogueWithoutAFollowingFileGoesSoon(): void
    {
        $this->exchange(fn () => $this->begin('import0_1.xml'));
        $this->exchange(fn () => $this->touchElement(11));
        $this->exchange(fn () => $this->success('import0_1.xml'));
        $this->pass(59);
        self::assertSame(['S 11'], $this->takeable());
        $this->pass(2);
        self::assertSame(['P 11', 'S 11'], $this->takeable());
    }

    /** @test */
    public function theCompletionOfAnExchangeLetsEverythingGo(): void
    {
        $this->exchange(fn () => $this->begin('import0_1.xml'));
        $this->exchange(fn () => $this->touchElement(11));
        $this->exchange(fn () => $this->success('import0_1.xml'));
        $this->exchange(fn () => $this->fire('catalog', 'OnCompleteCatalogImport1C', [], ''));
        self::assertSame(['P 11', 'S 11'], $this->takeable());
    }

    /** @test */
    public function whatTheLastHitRemembersIsLetGoToo(): void
    {
        $this->exchange(function (): void {
            $this->begin('offers0_1.xml');
            $this->touchElement(11);
            $this->touchElement(11);
            $this->success('offers0_1.xml');
        });
        self::assertSame(['P 11', 'P 11', 'S 11', 'S 11'], $this->takeable());
    }

    /** @test */
    public function whatAPersonEditsDuringAnExchangeDoesNotWait(): void
    {
        $this->exchange(fn () => $this->begin('import0_1.xml'));
        $this->exchange(fn () => $this->touchElement(11));
        $this->nextHit();
        $this->touchElement(12);
        self::assertSame(['P 12', 'S 11', 'S 12'], $this->takeable());
        self::assertContains('1 P 12 edit', $this->changes());
        self::assertContains('1 P 11 exchange', $this->changes());
    }

    /** @test */
    public function anExchangeInOneProcessOfTheShopsOwnIsOneToo(): void
    {
        $this->nextHit();
        $this->begin('import0_1.xml');
        $this->touchElement(11);
        self::assertSame(['1 P 11 exchange', '1 S 11 exchange'], $this->changes());
        self::assertSame(['S 11'], $this->takeable());
    }

    /** @test */
    public function theHandlersAnswerIsNoErrorText(): void
    {
        foreach (['OnBeforeCatalogImport1C', 'OnSuccessCatalogImport1C', 'OnCompleteCatalogImport1C'] as $event) {
            foreach (GetModuleEvents('catalog', $event, true) as $handler) {
                self::assertNull(ExecuteModuleEventEx($handler, [[], '/tmp/import0_1.xml']));
            }
        }
    }

    private function exchange(\Closure $step): void
    {
        Hit::start(['SCRIPT_NAME' => '/bitrix/admin/1c_exchange.php'], ['type' => 'catalog', 'mode' => 'import']);
        \Bitrix\Main\Loader::includeModule('catalog');
        $step();
        $this->endHit();
    }

    private function begin(string $file): void
    {
        $this->fire('catalog', 'OnBeforeCatalogImport1C', ['IBLOCK_TYPE' => 'catalog'], "/upload/1c_catalog/$file");
    }

    private function success(string $file): void
    {
        $this->fire('catalog', 'OnSuccessCatalogImport1C', ['IBLOCK_TYPE' => 'catalog'], "/upload/1c_catalog/$file");
    }

    private function touchElement(int $id): void
    {
        $this->fire('iblock', 'OnAfterIBlockElementUpdate', ['ID' => $id, 'IBLOCK_ID' => '2', 'ACTIVE' => 'Y', 'RESULT' => true]);
    }

    /** Lets time pass for what is in the database. */
    private function pass(int $seconds): void
    {
        $database = Application::getConnection();
        $database->queryExecute(
            "UPDATE b_aligate_aliexpress_outbox SET CREATED_AT = CREATED_AT - INTERVAL $seconds SECOND,"
            . " NOT_BEFORE = NOT_BEFORE - INTERVAL $seconds SECOND"
        );
        $database->queryExecute(
            "UPDATE b_aligate_aliexpress_state SET VALUE = DATE_FORMAT(VALUE - INTERVAL $seconds SECOND, '%Y-%m-%d %H:%i:%s.%f')"
            . " WHERE NAME LIKE 'exchange%'"
        );
    }

    /** @return list<string> kind and entity of what the drain gets now, sorted */
    private function takeable(): array
    {
        $rows = array_map(
            static fn (OutboxRow $row): string => "{$row->kind->value} {$row->entityId}",
            $this->outbox()->take(1, 100),
        );
        sort($rows);

        return $rows;
    }
}
