<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Catching;

use Aligate\Aliexpress\Tests\FakeKernel\Hit;
use Aligate\Aliexpress\Tests\Integration\InstalledModuleTestCase;
use Bitrix\Main\Application;
use Bitrix\Main\Event;
use Bitrix\Main\Loader;

require_once dirname(__DIR__) . '/InstalledModuleTestCase.php';

/**
 * A shop with two catalogues (infoblocks 1 and 2 with its offers in 3), of which the connection sells the second, three
 * price types and two warehouses.
 */
abstract class CatchingTestCase extends InstalledModuleTestCase
{
    protected const OTHER_GOODS = 1;
    protected const GOODS = 2;
    protected const OFFERS = 3;
    protected const PRICE_TYPE = 1;
    protected const OTHER_PRICE_TYPE = 2;
    protected const WAREHOUSE = 1;
    protected const OTHER_WAREHOUSE = 2;

    protected function setUp(): void
    {
        parent::setUp();
        $this->insert('b_iblock', ['ID' => 1, 'IBLOCK_TYPE_ID' => 'catalog', 'NAME' => 'Other', 'CODE' => 'other']);
        $this->insert('b_iblock', ['ID' => 2, 'IBLOCK_TYPE_ID' => 'catalog', 'NAME' => 'Goods', 'CODE' => 'goods']);
        $this->insert('b_iblock', ['ID' => 3, 'IBLOCK_TYPE_ID' => 'catalog', 'NAME' => 'Offers', 'CODE' => 'offers']);
        $this->insert('b_iblock_property', [
            'ID' => 31, 'IBLOCK_ID' => 3, 'NAME' => 'Product', 'CODE' => 'CML2_LINK', 'PROPERTY_TYPE' => 'E',
            'LINK_IBLOCK_ID' => 2, 'XML_ID' => 'CML2_LINK',
        ]);
        $this->insert('b_catalog_iblock', ['IBLOCK_ID' => 1]);
        $this->insert('b_catalog_iblock', ['IBLOCK_ID' => 2]);
        $this->insert('b_catalog_iblock', ['IBLOCK_ID' => 3, 'PRODUCT_IBLOCK_ID' => 2, 'SKU_PROPERTY_ID' => 31]);
        $this->insert('b_catalog_group', ['ID' => 1, 'NAME' => 'BASE', 'BASE' => 'Y']);
        $this->insert('b_catalog_group', ['ID' => 2, 'NAME' => 'DEALER', 'BASE' => 'N']);
        $this->connect(['iblock_ids' => [self::GOODS], 'price_type_id' => self::PRICE_TYPE]);
        $this->forgetChanges();
        $this->nextHit();
    }

    protected function nextHit(): void
    {
        Hit::start(['SCRIPT_NAME' => '/bitrix/admin/iblock_element_edit.php']);
        foreach (['iblock', 'catalog', 'currency', 'sale'] as $module) {
            self::assertTrue(Loader::includeModule($module));
        }
    }

    /** @param array<string, int|string|null> $row put in the place of one with its key, which the kernel may have brought along */
    protected function insert(string $table, array $row): void
    {
        $helper = Application::getConnection()->getSqlHelper();
        $values = array_map(
            static fn (int|string|null $value): string => $value === null ? 'NULL' : "'" . $helper->forSql((string)$value) . "'",
            $row,
        );
        Application::getConnection()->queryExecute(
            "REPLACE INTO $table (" . implode(', ', array_keys($row)) . ') VALUES (' . implode(', ', $values) . ')'
        );
    }

    /** Sends an event as the kernel's old code does: the arguments one by one, the first by reference. */
    protected function fire(string $module, string $event, mixed ...$arguments): void
    {
        foreach (GetModuleEvents($module, $event, true) as $handler) {
            ExecuteModuleEventEx($handler, [&$arguments[0], ...array_slice($arguments, 1)]);
        }
    }

    /** @param array<string, mixed> $parameters */
    protected function send(string $module, string $event, array $parameters): void
    {
        (new Event($module, $event, $parameters))->send();
    }
}
