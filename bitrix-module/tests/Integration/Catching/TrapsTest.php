<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Catching;

use Aligate\Aliexpress\EventHandler\ElementHandler;
use Aligate\Aliexpress\EventHandler\OrderHandler;
use Aligate\Aliexpress\EventHandler\PriceHandler;
use Aligate\Aliexpress\EventHandler\StockHandler;
use Aligate\Aliexpress\Outbox\Importing;
use Aligate\Aliexpress\Subscription;
use Bitrix\Catalog\PriceTable;
use Bitrix\Catalog\ProductTable;
use Bitrix\Catalog\StoreProductTable;
use Bitrix\Main\Application;

require_once __DIR__ . '/CatchingTestCase.php';

/** The traps that the kernel sets to handlers. */
final class TrapsTest extends CatchingTestCase
{
    /** @test */
    public function everySubscriptionLiesInTheDatabaseWithTheKindOfArgumentsThatItsHandlerTakes(): void
    {
        $rows = Application::getConnection()->query(
            "SELECT FROM_MODULE_ID, MESSAGE_ID, TO_CLASS, TO_METHOD, VERSION FROM b_module_to_module"
            . " WHERE TO_MODULE_ID = 'aligate.aliexpress'"
        );
        $registered = [];
        while ($row = $rows->fetch()) {
            $registered[strtolower("{$row['FROM_MODULE_ID']} {$row['MESSAGE_ID']}")] = [
                ltrim((string)$row['TO_CLASS'], '\\'), (string)$row['TO_METHOD'], (int)$row['VERSION'],
            ];
        }
        foreach (Subscription::all() as $one) {
            $name = strtolower("$one->module $one->event");
            self::assertSame([ltrim($one->class, '\\'), $one->method, $one->isOld ? 1 : 2], $registered[$name] ?? null, $name);
            self::assertTrue(method_exists($one->class, $one->method), "$one->class::$one->method");
        }
        self::assertCount(count(Subscription::all()), $registered, 'each event has one handler');
    }

    /** @test */
    public function aHandlerTakesAnythingWithoutAnError(): void
    {
        foreach (Subscription::all() as $one) {
            foreach ([null, 0, '', 'x', [], [[]], new \stdClass(), false, ['ID' => ['x']]] as $argument) {
                $arguments = [&$argument, null];
                ($one->class . '::' . $one->method)(...$arguments);
            }
        }
        self::assertSame([], array_values(array_filter(
            $this->changes(),
            static fn (string $change): bool => !preg_match('/ [TWD] /', $change),
        )), 'what names no entity marks none');
    }

    /** @test */
    public function idsComeAsNumbersTextsAndArrays(): void
    {
        $this->fire('iblock', 'OnAfterIBlockElementUpdate', ['ID' => 11, 'IBLOCK_ID' => '2', 'RESULT' => true, 'NAME' => 'x']);
        $this->fire('iblock', 'OnAfterIBlockElementSetPropertyValuesEx', '12', '2', [], []);
        $this->send('catalog', '\\Bitrix\\Catalog\\Product::OnAfterUpdate', [
            'id' => ['ID' => 13], 'primary' => ['ID' => 13], 'fields' => ['QUANTITY' => 3],
        ]);
        $this->send('catalog', '\\Bitrix\\Catalog\\Product::OnAfterAdd', [
            'id' => 0, 'primary' => ['ID' => '14'], 'fields' => ['QUANTITY' => 3],
        ]);
        self::assertSame(
            ['1 P 11 edit', '1 P 12 edit', '1 P 14 edit', '1 S 12 edit', '1 S 13 edit', '1 S 14 edit'],
            $this->changes(),
        );
    }

    /** @test */
    public function aWriteThatTheKernelRefusedMarksNothing(): void
    {
        $this->fire('iblock', 'OnAfterIBlockElementAdd', ['NAME' => '', 'IBLOCK_ID' => 2, 'RESULT' => false, 'RESULT_MESSAGE' => 'no name']);
        $this->fire('iblock', 'OnAfterIBlockElementUpdate', ['ID' => 11, 'IBLOCK_ID' => 2, 'RESULT' => false]);
        $this->fire('iblock', 'OnAfterIBlockSectionUpdate', ['ID' => 5, 'IBLOCK_ID' => 2, 'RESULT' => false]);
        self::assertSame([], $this->changes());
    }

    /** @test */
    public function aDraftOfTheWorkflowIsNotTheElement(): void
    {
        $this->fire('iblock', 'OnAfterIBlockElementUpdate', ['ID' => 11, 'IBLOCK_ID' => 2, 'RESULT' => true, 'WF_PARENT_ELEMENT_ID' => 7]);
        $this->fire('iblock', 'OnAfterIBlockElementDelete', ['ID' => '11', 'IBLOCK_ID' => '2', 'WF_PARENT_ELEMENT_ID' => '7']);
        self::assertSame([], $this->changes());
    }

    /** @test */
    public function thePriceOfARowWhoseEventLacksItsProductIsFoundByItsKeyOnceInAHit(): void
    {
        $id = $this->addPrice(21, 1);
        $this->forgetChanges();
        $this->nextHit();
        PriceTable::update($id, ['PRICE' => 11]);
        self::assertSame(['1 R 21 edit'], $this->changes());

        Application::getConnection()->queryExecute('RENAME TABLE b_catalog_price TO away');
        $this->send('catalog', '\\Bitrix\\Catalog\\Price::OnAfterUpdate', [
            'id' => ['ID' => $id], 'primary' => ['ID' => $id], 'fields' => ['PRICE' => 12],
        ]);
        Application::getConnection()->queryExecute('RENAME TABLE away TO b_catalog_price');
        self::assertSame([], \Aligate\Aliexpress\Tests\FakeKernel\ErrorLog::all(), 'it is not asked again');
    }

    /** @test */
    public function whatADeletionTakesAwayIsRememberedBeforeItAndMarkedAfterIt(): void
    {
        $price = $this->addPrice(21, 1);
        $stock = (int)StoreProductTable::add(['PRODUCT_ID' => 22, 'STORE_ID' => 1, 'AMOUNT' => 5])->getId();
        $this->forgetChanges();
        $this->nextHit();
        PriceTable::delete($price);
        StoreProductTable::delete($stock);
        self::assertSame(['1 R 21 edit', '1 S 21 edit', '1 S 22 edit'], $this->changes());
    }

    /** @test */
    public function nothingIsMarkedBeforeTheRowIsGone(): void
    {
        $id = $this->addPrice(21, 1);
        $this->forgetChanges();
        $this->nextHit();
        $this->send('catalog', '\\Bitrix\\Catalog\\Price::OnDelete', ['id' => ['ID' => $id], 'primary' => ['ID' => $id]]);
        self::assertSame([], $this->changes(), 'the sender would read the price that is about to go');
        Application::getConnection()->queryExecute("DELETE FROM b_catalog_price WHERE ID = $id");
        $this->send('catalog', '\\Bitrix\\Catalog\\Price::OnAfterDelete', ['id' => ['ID' => $id], 'primary' => ['ID' => $id]]);
        self::assertSame(['1 R 21 edit', '1 S 21 edit'], $this->changes());
    }

    /** @test */
    public function otherCataloguesPriceTypesAndWarehousesMarkNothingWhereTheEventTellsThem(): void
    {
        $this->connect(['id' => 1, 'iblock_ids' => [self::GOODS], 'price_type_id' => 1, 'warehouse_ids' => [1]]);
        $this->nextHit();
        $this->forgetChanges();
        $this->fire('iblock', 'OnAfterIBlockElementUpdate', ['ID' => 11, 'IBLOCK_ID' => self::OTHER_GOODS, 'RESULT' => true]);
        $this->fire('iblock', 'OnAfterIBlockElementUpdate', ['ID' => 12, 'IBLOCK_ID' => 99, 'RESULT' => true]);
        $this->fire('iblock', 'OnAfterIBlockSectionUpdate', ['ID' => 5, 'IBLOCK_ID' => self::OTHER_GOODS, 'RESULT' => true]);
        $this->addPrice(21, self::OTHER_PRICE_TYPE);
        StoreProductTable::add(['PRODUCT_ID' => 22, 'STORE_ID' => self::OTHER_WAREHOUSE, 'AMOUNT' => 5]);
        self::assertSame([], $this->changes());

        $this->fire('iblock', 'OnAfterIBlockElementUpdate', ['ID' => 13, 'IBLOCK_ID' => self::OFFERS, 'RESULT' => true]);
        $this->addPrice(23, self::PRICE_TYPE);
        StoreProductTable::add(['PRODUCT_ID' => 24, 'STORE_ID' => self::WAREHOUSE, 'AMOUNT' => 5]);
        self::assertSame(['1 P 13 edit', '1 R 23 edit', '1 S 23 edit', '1 S 24 edit'], $this->changes());
    }

    /** @test */
    public function eachConnectionGetsTheChangesOfItsOwnGoods(): void
    {
        $this->connect(['iblock_ids' => [self::OTHER_GOODS]]);
        $this->connect(['iblock_ids' => [self::OTHER_GOODS, self::GOODS], 'is_active' => false]);
        $this->connect(['iblock_ids' => []]);
        $this->nextHit();
        $this->fire('iblock', 'OnAfterIBlockElementUpdate', ['ID' => 11, 'IBLOCK_ID' => 1, 'RESULT' => true]);
        $this->fire('iblock', 'OnAfterIBlockElementUpdate', ['ID' => 12, 'IBLOCK_ID' => 2, 'RESULT' => true]);
        ProductTable::add(['ID' => 13, 'QUANTITY' => 1]);
        self::assertSame(
            ['1 P 12 edit', '1 P 13 edit', '1 S 13 edit', '2 P 11 edit', '2 P 13 edit', '2 S 13 edit'],
            $this->changes(),
        );
    }

    /** @test */
    public function aShopThatSellsNothingOnAliExpressPaysNothing(): void
    {
        $id = $this->addPrice(21, 1);
        $this->insert('b_aligate_aliexpress_order', ['CONNECTION_ID' => 1, 'ALIEXPRESS_ORDER_ID' => '81', 'ORDER_ID' => 551]);
        $this->connect(['id' => 1, 'is_active' => false]);
        $this->forgetChanges();
        $this->nextHit();
        $database = Application::getConnection();
        foreach (['b_catalog_price', 'b_catalog_iblock', 'b_aligate_aliexpress_order'] as $table) {
            $database->queryExecute("RENAME TABLE $table TO {$table}_away");
        }
        $this->send('catalog', '\\Bitrix\\Catalog\\Price::OnAfterUpdate', ['id' => ['ID' => $id], 'primary' => ['ID' => $id], 'fields' => []]);
        ElementHandler::onBeforeDelete(21);
        ElementHandler::onAfterUpdate(['ID' => 21, 'IBLOCK_ID' => 2, 'RESULT' => true]);
        $this->send('sale', 'OnSaleOrderSaved', ['ENTITY' => $this->order(551), 'IS_NEW' => false, 'IS_CHANGED' => true, 'VALUES' => []]);
        foreach (['b_catalog_price', 'b_catalog_iblock', 'b_aligate_aliexpress_order'] as $table) {
            $database->queryExecute("RENAME TABLE {$table}_away TO $table");
        }
        self::assertSame([], $this->changes());
        self::assertSame([], \Aligate\Aliexpress\Tests\FakeKernel\ErrorLog::all(), 'nothing was asked');
    }

    /** @test */
    public function aHandlerThatCannotWriteLetsTheShopGoOnAndSaysSo(): void
    {
        Application::getConnection()->queryExecute('RENAME TABLE b_aligate_aliexpress_outbox TO away');
        self::assertTrue(ProductTable::add(['ID' => 21, 'QUANTITY' => 3])->isSuccess());
        self::assertGreaterThan(0, $this->addPrice(21, 1));
        self::assertNotSame([], \Aligate\Aliexpress\Tests\FakeKernel\ErrorLog::all());
        self::assertSame('1', (string)Application::getConnection()->queryScalar(
            "SELECT COUNT(*) FROM b_aligate_aliexpress_log WHERE CODE = 'change_not_kept'"
        ));
        Application::getConnection()->queryExecute('RENAME TABLE away TO b_aligate_aliexpress_outbox');
        $this->endHit();
        self::assertSame(['1 P 21 edit', '1 R 21 edit', '1 S 21 edit'], $this->changes(), 'nothing is lost');
    }

    /** @test */
    public function aFailureThatRepeatsIsLoggedAFewTimes(): void
    {
        Application::getConnection()->queryExecute('RENAME TABLE b_catalog_iblock TO away');
        foreach (range(1, 50) as $id) {
            $this->fire('iblock', 'OnAfterIBlockElementUpdate', ['ID' => $id, 'IBLOCK_ID' => 2, 'RESULT' => true]);
        }
        Application::getConnection()->queryExecute('RENAME TABLE away TO b_catalog_iblock');
        self::assertCount(5, \Aligate\Aliexpress\Tests\FakeKernel\ErrorLog::all());
    }

    /** @test */
    public function stockThatChangesWhileAnOrderIsSavedChangesForTheOrder(): void
    {
        $this->send('sale', 'OnSaleOrderBeforeSaved', ['ENTITY' => new \stdClass(), 'VALUES' => []]);
        ProductTable::add(['ID' => 21, 'QUANTITY' => 3]);
        $this->send('sale', 'OnSaleOrderSaved', ['ENTITY' => new \stdClass(), 'IS_NEW' => true, 'IS_CHANGED' => true, 'VALUES' => []]);
        ProductTable::add(['ID' => 22, 'QUANTITY' => 3]);
        self::assertSame(['1 P 21 order', '1 P 22 edit', '1 S 21 order', '1 S 22 edit'], $this->changes());
    }

    /** @test */
    public function onlyOrdersOfAliExpressAreReported(): void
    {
        $this->insert('b_aligate_aliexpress_order', ['CONNECTION_ID' => 1, 'ALIEXPRESS_ORDER_ID' => '81', 'ORDER_ID' => 551]);
        foreach ([551, 552] as $id) {
            $this->send('sale', 'OnSaleOrderSaved', ['ENTITY' => $this->order($id), 'IS_NEW' => false, 'IS_CHANGED' => true, 'VALUES' => []]);
        }
        self::assertSame(['1 O 551 order'], $this->changes());
    }

    /** @test */
    public function whatOurOwnImporterWritesDoesNotComeBackButTheStockThatItTakesDoes(): void
    {
        $this->insert('b_aligate_aliexpress_order', ['CONNECTION_ID' => 1, 'ALIEXPRESS_ORDER_ID' => '81', 'ORDER_ID' => 551]);
        $this->service('importing', Importing::class)->during(function (): void {
            $this->send('sale', 'OnSaleOrderBeforeSaved', ['ENTITY' => $this->order(551), 'VALUES' => []]);
            ProductTable::add(['ID' => 21, 'QUANTITY' => 3]);
            $this->send('sale', 'OnSaleOrderSaved', ['ENTITY' => $this->order(551), 'IS_NEW' => true, 'IS_CHANGED' => true, 'VALUES' => []]);
            $this->send('sale', 'OnSaleStatusOrderChange', ['ENTITY' => $this->order(551), 'VALUE' => 'P', 'OLD_VALUE' => 'N']);
        });
        self::assertSame(['1 P 21 order', '1 S 21 order'], $this->changes());

        $this->send('sale', 'OnSaleStatusOrderChange', ['ENTITY' => $this->order(551), 'VALUE' => 'F', 'OLD_VALUE' => 'P']);
        self::assertSame(['1 O 551 order', '1 P 21 order', '1 S 21 order'], $this->changes(), 'the next change is a person\'s');
    }

    /** @test */
    public function theMarkOfTheImporterGoesWithAFailureOfItsWrite(): void
    {
        $importing = new Importing();
        try {
            $importing->during(static fn () => throw new \RuntimeException('no stock'));
        } catch (\RuntimeException) {
            self::assertFalse($importing->isRunning());
        }
    }

    /** @test */
    public function handlersReturnNothing(): void
    {
        foreach ([ElementHandler::class, PriceHandler::class, StockHandler::class, OrderHandler::class] as $class) {
            foreach ((new \ReflectionClass($class))->getMethods(\ReflectionMethod::IS_PUBLIC) as $method) {
                self::assertSame('void', (string)$method->getReturnType(), "$class::{$method->name}: a `false` would cancel, a text would be an error");
            }
        }
    }

    private function addPrice(int $productId, int $priceTypeId): int
    {
        return (int)PriceTable::add([
            'PRODUCT_ID' => $productId, 'CATALOG_GROUP_ID' => $priceTypeId, 'PRICE' => 10, 'PRICE_SCALE' => 10, 'CURRENCY' => 'RUB',
        ])->getId();
    }

    private function order(int $id): object
    {
        return new class ($id) {
            public function __construct(private readonly int $id)
            {
            }

            public function getId(): int
            {
                return $this->id;
            }
        };
    }
}
