<?php

declare(strict_types=1);

namespace Aligate\Aliexpress;

use Aligate\Aliexpress\EventHandler\DefinitionHandler;
use Aligate\Aliexpress\EventHandler\ElementHandler;
use Aligate\Aliexpress\EventHandler\ExchangeHandler;
use Aligate\Aliexpress\EventHandler\ModuleHandler;
use Aligate\Aliexpress\EventHandler\OrderHandler;
use Aligate\Aliexpress\EventHandler\PriceHandler;
use Aligate\Aliexpress\EventHandler\PriceTypeHandler;
use Aligate\Aliexpress\EventHandler\ProductHandler;
use Aligate\Aliexpress\EventHandler\ProductTabHandler;
use Aligate\Aliexpress\EventHandler\SectionHandler;
use Aligate\Aliexpress\EventHandler\StockHandler;
use Aligate\Aliexpress\EventHandler\WarehouseHandler;
use Bitrix\Main\EventManager;

/**
 * One event of the kernel and the handler that gets it. `all` is the one list of them: installation, upgrade, removal
 * and the tests go by it.
 *
 * They are kept in the database: `Model\*` events ask once in a hit whether anyone listens. The classes and methods
 * keep their names over all versions, since a shop may call them by the names of an older registration.
 */
final class Subscription
{
    /** @param bool $isOld whether the handler gets the event's arguments one by one, else one Event object */
    public function __construct(
        public readonly string $module,
        public readonly string $event,
        public readonly string $class,
        public readonly string $method,
        public readonly bool $isOld,
    ) {
    }

    /** @return list<self> what is always listened to */
    public static function all(): array
    {
        return [
            ...self::ofGoods(),
            ...self::ofDefinitions(),
            ...self::ofPrices(),
            ...self::ofStock(),
            ...self::ofSales(),
            ...self::ofModule(),
        ];
    }

    /**
     * The events of the classes that the kernel makes for an infoblock with an API code.
     *
     * @param list<int> $propertyIds those whose values lie in the common table
     * @return list<self>
     */
    public static function ofApiCode(string $apiCode, array $propertyIds): array
    {
        $elements = '\\Bitrix\\Iblock\\Elements\\';
        $class = ElementHandler::class;
        $all = self::named('iblock', $elements . 'Element' . ucfirst($apiCode), $class, self::after('onOrmAfter'));
        foreach ($propertyIds as $id) {
            array_push($all, ...self::named('iblock', "{$elements}IblockProperty$id", $class, [
                'OnAfterAdd' => 'onOrmPropertyValue',
                'OnAfterUpdate' => 'onOrmPropertyValue',
                'OnDelete' => 'onOrmPropertyValueDelete',
                'OnAfterDelete' => 'onOrmAfterPropertyValueDelete',
            ]));
        }

        return $all;
    }

    /** @return list<self> the events of a directory's class, which has no namespace and so no module */
    public static function ofDirectory(string $entityName): array
    {
        return self::named('', "\\$entityName", DefinitionHandler::class, self::after('onOrmAfter'));
    }

    /** Registering twice is harmless: the kernel keeps one row for one subscription. */
    public function register(EventManager $events): void
    {
        if ($this->isOld) {
            $events->registerEventHandlerCompatible(
                $this->module,
                $this->event,
                ModuleOptions::MODULE_ID,
                $this->class,
                $this->method,
            );
        } else {
            $events->registerEventHandler(
                $this->module,
                $this->event,
                ModuleOptions::MODULE_ID,
                $this->class,
                $this->method,
            );
        }
    }

    public function unregister(EventManager $events): void
    {
        $events->unRegisterEventHandler(
            $this->module,
            $this->event,
            ModuleOptions::MODULE_ID,
            $this->class,
            $this->method,
        );
    }

    /** @return list<self> */
    private static function ofGoods(): array
    {
        return [
            ...self::old('iblock', ElementHandler::class, [
                'OnAfterIBlockElementAdd' => 'onAfterAdd',
                'OnAfterIBlockElementUpdate' => 'onAfterUpdate',
                'OnAfterIBlockElementSetPropertyValues' => 'onAfterSetPropertyValues',
                'OnAfterIBlockElementSetPropertyValuesEx' => 'onAfterSetPropertyValues',
                'OnBeforeIBlockElementDelete' => 'onBeforeDelete',
                'OnAfterIBlockElementDelete' => 'onAfterDelete',
            ]),
            ...self::orm('Iblock\\SectionElement', ElementHandler::class, self::after('onOrmSectionElement')),
            ...self::old('iblock', SectionHandler::class, [
                'OnAfterIBlockSectionAdd' => 'onAfterChange',
                'OnAfterIBlockSectionUpdate' => 'onAfterChange',
                'OnAfterIBlockSectionDelete' => 'onAfterDelete',
            ]),
            ...self::orm('Iblock\\Section', SectionHandler::class, [
                'OnAfterAdd' => 'onOrmAfter',
                'OnAfterUpdate' => 'onOrmAfter',
                'OnDelete' => 'onOrmDelete',
                'OnAfterDelete' => 'onOrmAfterDelete',
            ]),
            ...self::orm('Catalog\\Product', ProductHandler::class, [
                'OnAfterAdd' => 'onAfterAdd',
                'OnAfterUpdate' => 'onAfterUpdate',
                'OnAfterDelete' => 'onAfterDelete',
            ]),
            ...self::old('catalog', ProductHandler::class, [
                'OnProductSetAvailableUpdate' => 'onSetAvailable',
                'OnProductSetAdd' => 'onSetChange',
                'OnProductSetUpdate' => 'onSetChange',
                'OnBeforeProductSetDelete' => 'onBeforeSetDelete',
                'OnProductSetDelete' => 'onSetDelete',
                'OnProductAllSetsDelete' => 'onAllSetsDelete',
                'OnCatalogStoreBarCodeAdd' => 'onBarcodeChange',
                'OnCatalogStoreBarCodeUpdate' => 'onBarcodeChange',
                'OnBeforeCatalogStoreBarCodeDelete' => 'onBeforeBarcodeDelete',
                'OnCatalogStoreBarCodeDelete' => 'onBarcodeDelete',
            ]),
            ...self::orm('Catalog\\StoreBarcode', ProductHandler::class, [
                'OnAfterAdd' => 'onOrmBarcode',
                'OnAfterUpdate' => 'onOrmBarcode',
                'OnDelete' => 'onOrmBarcodeDelete',
                'OnAfterDelete' => 'onOrmAfterBarcodeDelete',
            ]),
        ];
    }

    /** @return list<self> */
    private static function ofDefinitions(): array
    {
        return [
            ...self::old('iblock', DefinitionHandler::class, [
                'OnAfterIBlockAdd' => 'onIblockChange',
                'OnAfterIBlockUpdate' => 'onIblockChange',
                'OnAfterIBlockDelete' => 'onIblockDelete',
                'OnAfterIBlockPropertyAdd' => 'onPropertyChange',
                'OnAfterIBlockPropertyUpdate' => 'onPropertyChange',
                'OnAfterIBlockPropertyDelete' => 'onPropertyChange',
            ]),
            ...self::orm('Iblock\\Property', DefinitionHandler::class, self::after('onOrmAfter')),
            ...self::orm('Iblock\\PropertyEnumeration', DefinitionHandler::class, self::after('onOrmAfter')),
            ...self::old('catalog', DefinitionHandler::class, ['OnSuccessCatalogImportHL' => 'onSuccessImportHL']),
        ];
    }

    /** @return list<self> */
    private static function ofPrices(): array
    {
        return [
            ...self::orm('Catalog\\Price', PriceHandler::class, [
                'OnAfterAdd' => 'onAfterAdd',
                'OnAfterUpdate' => 'onAfterUpdate',
                'OnDelete' => 'onDelete',
                'OnAfterDelete' => 'onAfterDelete',
            ]),
            ...self::old('catalog', PriceHandler::class, ['OnProductPriceDelete' => 'onProductPriceDelete']),
            ...self::old('catalog', PriceTypeHandler::class, [
                'OnGroupAdd' => 'onGroupChange',
                'OnGroupUpdate' => 'onGroupChange',
                'OnGroupDelete' => 'onGroupChange',
                'OnDiscountAdd' => 'onDiscountChange',
                'OnDiscountUpdate' => 'onDiscountChange',
                'OnDiscountDelete' => 'onDiscountChange',
            ]),
            ...self::old('currency', PriceTypeHandler::class, [
                'OnCurrencyUpdate' => 'onCurrencyChange',
                'OnCurrencyDelete' => 'onCurrencyDelete',
                'OnCurrencyRateAdd' => 'onCurrencyChange',
                'OnCurrencyRateUpdate' => 'onCurrencyChange',
                'OnCurrencyRateDelete' => 'onCurrencyChange',
            ]),
            ...self::orm('Catalog\\Group', PriceTypeHandler::class, self::after('onOrmGroup')),
            ...self::orm('Catalog\\Discount', PriceTypeHandler::class, self::after('onOrmDiscount')),
            ...self::orm('Catalog\\Rounding', PriceTypeHandler::class, self::after('onOrmDiscount')),
            ...self::orm('Catalog\\Vat', PriceTypeHandler::class, ['OnAfterUpdate' => 'onOrmVat']),
            ...self::orm('Currency\\Currency', PriceTypeHandler::class, [
                'OnAfterUpdate' => 'onOrmCurrency',
                'OnAfterDelete' => 'onOrmCurrencyDelete',
            ]),
            ...self::orm('Sale\\Internals\\Discount', PriceTypeHandler::class, self::after('onOrmDiscount')),
        ];
    }

    /** @return list<self> */
    private static function ofStock(): array
    {
        return [
            ...self::old('catalog', StockHandler::class, [
                'OnStoreProductAdd' => 'onChange',
                'OnStoreProductUpdate' => 'onChange',
                'OnBeforeStoreProductDelete' => 'onBeforeDelete',
                'OnStoreProductDelete' => 'onDelete',
            ]),
            ...self::orm('Catalog\\StoreProduct', StockHandler::class, [
                'OnAfterAdd' => 'onOrmAfterChange',
                'OnAfterUpdate' => 'onOrmAfterChange',
                'OnBeforeDelete' => 'onOrmBeforeDelete',
                'OnAfterDelete' => 'onOrmAfterDelete',
            ]),
            ...self::old('catalog', WarehouseHandler::class, [
                'OnCatalogStoreAdd' => 'onChange',
                'OnCatalogStoreUpdate' => 'onChange',
                'OnCatalogStoreDelete' => 'onChange',
            ]),
            ...self::orm('Catalog\\Store', WarehouseHandler::class, self::after('onOrmAfter')),
            ...self::d7('main', WarehouseHandler::class, [
                'OnAfterSetOption_default_use_store_control' => 'onSetOption',
                'OnAfterSetOption_default_quantity_trace' => 'onSetOption',
                'OnAfterSetOption_default_can_buy_zero' => 'onSetOption',
            ]),
        ];
    }

    /** @return list<self> */
    private static function ofSales(): array
    {
        return [
            ...self::d7('sale', OrderHandler::class, [
                'OnSaleOrderBeforeSaved' => 'onBeforeSaved',
                'OnSaleOrderSaved' => 'onSaved',
                'OnSaleStatusOrderChange' => 'onChange',
                'OnSaleOrderCanceled' => 'onChange',
                'OnSaleOrderPaid' => 'onChange',
                'OnSaleOrderDeleted' => 'onChange',
                'OnPaymentPaid' => 'onChange',
                'OnSalePaymentEntitySaved' => 'onChange',
                'OnSaleShipmentEntitySaved' => 'onChange',
                'OnSaleStatusShipmentChange' => 'onChange',
                'OnShipmentAllowDelivery' => 'onChange',
                'OnShipmentDeducted' => 'onChange',
                'OnShipmentTrackingNumberChange' => 'onChange',
            ]),
            ...self::orm('Sale\\Internals\\Order', OrderHandler::class, ['OnAfterUpdate' => 'onOrmOrder']),
            ...self::orm('Sale\\Internals\\Shipment', OrderHandler::class, ['OnAfterUpdate' => 'onOrmShipment']),
            ...self::orm('Sale\\Internals\\Payment', OrderHandler::class, ['OnAfterUpdate' => 'onOrmPayment']),
        ];
    }

    /** @return list<self> */
    private static function ofModule(): array
    {
        return [
            ...self::old('catalog', ExchangeHandler::class, [
                'OnBeforeCatalogImport1C' => 'onBeforeImport',
                'OnSuccessCatalogImport1C' => 'onSuccessImport',
                'OnCompleteCatalogImport1C' => 'onCompleteImport',
            ]),
            ...self::old('main', ModuleHandler::class, ['OnModuleUpdate' => 'onModuleUpdate']),
            ...self::old('main', ProductTabHandler::class, ['OnAdminTabControlBegin' => 'onTabControlBegin']),
            ...self::d7('main', ModuleHandler::class, ['OnAfterSetOption_connections' => 'onSetConnections']),
        ];
    }

    /**
     * Events whose handlers get their arguments one by one.
     *
     * @param array<string, string> $handlers event => method
     * @return list<self>
     */
    private static function old(string $module, string $class, array $handlers): array
    {
        return self::list($module, $class, $handlers, true);
    }

    /**
     * Events whose handlers get one Event object.
     *
     * @param array<string, string> $handlers event => method
     * @return list<self>
     */
    private static function d7(string $module, string $class, array $handlers): array
    {
        return self::list($module, $class, $handlers, false);
    }

    /**
     * Events of an ORM class of the kernel. They are sent under two names; only the one with the namespace, which
     * begins with a backslash, tells the primary key of a row without auto-increment.
     *
     * @param string $entity after `Bitrix\`, without `Table`; its first part is the module
     * @param array<string, string> $handlers event => method
     * @return list<self>
     */
    private static function orm(string $entity, string $class, array $handlers): array
    {
        return self::named(strtolower(explode('\\', $entity)[0]), "\\Bitrix\\$entity", $class, $handlers);
    }

    /**
     * @param array<string, string> $handlers
     * @return list<self>
     */
    private static function named(string $module, string $entity, string $class, array $handlers): array
    {
        $events = array_map(static fn (string $event): string => "$entity::$event", array_keys($handlers));

        return self::list($module, $class, array_combine($events, $handlers), false);
    }

    /** @return array<string, string> */
    private static function after(string $method): array
    {
        return ['OnAfterAdd' => $method, 'OnAfterUpdate' => $method, 'OnAfterDelete' => $method];
    }

    /**
     * @param array<string, string> $handlers
     * @return list<self>
     */
    private static function list(string $module, string $class, array $handlers, bool $isOld): array
    {
        $all = [];
        foreach ($handlers as $event => $method) {
            $all[] = new self($module, $event, '\\' . $class, $method, $isOld);
        }

        return $all;
    }
}
