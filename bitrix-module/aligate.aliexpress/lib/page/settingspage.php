<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Page;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\SkuSource;
use Bitrix\Main\Localization\Loc;

Loc::loadMessages(__FILE__);

/** The settings of one connection as the rows of a form's tabs. */
final class SettingsPage
{
    /** What of a buyer an order property may hold. */
    private const BUYER = ['name', 'phone', 'country', 'region', 'city', 'address', 'zip'];

    /** The statuses of AliExpress that a seller may map; holds and disputes are marks, not statuses. */
    private const STATUSES = [
        'PLACE_ORDER_SUCCESS',
        'WAIT_SELLER_SEND_GOODS',
        'SELLER_PART_SEND_GOODS',
        'WAIT_BUYER_ACCEPT_GOODS',
        'FUND_PROCESSING',
        'FINISH',
    ];

    private readonly Fields $fields;

    /**
     * @param string $endpoint where the gateway reaches the shop for this connection
     * @param array<string, string> $faults field => code of a phrase
     */
    public function __construct(
        private readonly Connection $connection,
        private readonly Choices $choices,
        private readonly string $endpoint,
        array $faults,
    ) {
        $this->fields = new Fields(array_map(static fn (string $code): string => self::say("FAULT_$code"), $faults));
    }

    /** How to reach the gateway. */
    public function gatewayTab(): string
    {
        $one = $this->connection;
        $secretHint = $one->secrets === [] ? 'SECRET_HINT' : 'SECRET_HINT_SET';
        $check = '<input type="button" value="' . Fields::escaped(self::say('CHECK')) . '" data-aligate-check="' . $one->id . '"'
            . ($one->isReady() ? '' : ' disabled') . '> <span data-aligate-check-answer></span>';

        return $this->fields->checkbox('is_active', self::say('IS_ACTIVE'), $one->isActive, self::say('IS_ACTIVE_HINT'))
            . $this->fields->text('name', self::say('NAME'), $one->name, self::say('NAME_HINT'))
            . $this->fields->text('gateway_url', self::say('GATEWAY_URL'), $one->gatewayUrl, self::say('GATEWAY_URL_HINT'))
            . $this->fields->text('shop_id', self::say('SHOP_ID'), $one->shopId, self::say('SHOP_ID_HINT'))
            . $this->fields->text('secret', self::say('SECRET'), '', self::say($secretHint), 'password')
            . $this->fields->row('endpoint', self::say('ENDPOINT'), '<code>' . Fields::escaped($this->endpoint) . '</code>', self::say('ENDPOINT_HINT'))
            . $this->fields->row('check', self::say('CHECK_LABEL'), $check, self::say('CHECK_HINT'));
    }

    /** What of the catalogue goes to AliExpress. */
    public function catalogTab(): string
    {
        $one = $this->connection;
        $properties = $this->choices->properties($one->iblockIds);
        $none = ['' => self::say('NOT_CHOSEN')];
        $sources = [];
        foreach (SkuSource::cases() as $source) {
            $sources[$source->value] = self::say('SKU_SOURCE_' . strtoupper($source->value));
        }
        $html = $this->fields->multiple('iblock_ids', self::say('IBLOCKS'), $this->choices->iblocks(), $one->iblockIds, self::say('IBLOCKS_HINT'));
        $html .= $this->fields->select('sku_source', self::say('SKU_SOURCE'), $sources, $one->skuSource->value, self::say('SKU_SOURCE_HINT'));
        $html .= $this->property('sku_property', $properties, $one->skuProperty);
        $html .= $this->fields->heading(self::say('HEADING_PRODUCTS'));
        $html .= $this->fields->checkbox('sends_products', self::say('SENDS_PRODUCTS'), $one->sendsProducts);
        $html .= $this->property('brand_property', $none + $properties, $one->brandProperty);
        $html .= $this->fields->multiple('picture_properties', self::say('PICTURE_PROPERTIES'), $properties, $one->pictureProperties, self::say('PICTURE_PROPERTIES_HINT'));
        $html .= $this->fields->multiple('product_properties', self::say('PRODUCT_PROPERTIES'), $properties, $one->productProperties, self::say('PRODUCT_PROPERTIES_HINT'));
        foreach (['en.name', 'en.description'] as $translated) {
            $label = self::say('TRANSLATION_' . strtoupper(strtr($translated, '.', '_')));
            $html .= $this->fields->select("translations[$translated]", $label, $none + $properties, $one->translations[$translated] ?? '');
        }
        $html .= $this->fields->select('site_id', self::say('SITE'), $none + $this->choices->sites(), $one->siteId, self::say('SITE_HINT'));

        return $html;
    }

    /** Stock and prices. */
    public function stockTab(): string
    {
        $one = $this->connection;
        $priceTypes = [0 => self::say('PRICE_TYPE_BASE')] + $this->choices->priceTypes();
        $html = $this->fields->checkbox('sends_stock', self::say('SENDS_STOCK'), $one->sendsStock);
        $html .= $this->fields->multiple('warehouse_ids', self::say('WAREHOUSES'), $this->choices->warehouses(), $one->warehouseIds, self::say('WAREHOUSES_HINT'));
        $html .= $this->fields->text('untraced_quantity', self::say('UNTRACED'), (string)$one->untracedQuantity, self::say('UNTRACED_HINT'), 'number');
        $html .= $this->fields->heading(self::say('HEADING_PRICES'));
        $html .= $this->fields->checkbox('sends_prices', self::say('SENDS_PRICES'), $one->sendsPrices);
        $html .= $this->fields->select('price_type_id', self::say('PRICE_TYPE'), $priceTypes, $one->priceTypeId);
        $html .= $this->fields->checkbox('use_discounts', self::say('USE_DISCOUNTS'), $one->useDiscounts, self::say('USE_DISCOUNTS_HINT'));
        $html .= $this->fields->text('currency', self::say('CURRENCY'), $one->currency, self::say('CURRENCY_HINT'));

        return $html;
    }

    /** What orders of AliExpress get in the shop. */
    public function ordersTab(): string
    {
        $orders = $this->connection->orders;
        $none = [0 => self::say('NOT_CHOSEN')];
        $noText = ['' => self::say('NOT_CHOSEN')];
        $html = $this->fields->checkbox('sends_orders', self::say('SENDS_ORDERS'), $this->connection->sendsOrders, self::say('SENDS_ORDERS_HINT'));
        $html .= $this->fields->select('orders[site_id]', self::say('ORDER_SITE'), $noText + $this->choices->sites(), $orders->siteId);
        $html .= $this->fields->text('orders[user_id]', self::say('ORDER_USER'), (string)$orders->userId, self::say('ORDER_USER_HINT'), 'number');
        $html .= $this->fields->text('orders[responsible_id]', self::say('ORDER_RESPONSIBLE'), (string)$orders->responsibleId, '', 'number');
        $html .= $this->fields->select('orders[person_type_id]', self::say('PERSON_TYPE'), $none + $this->choices->personTypes(), $orders->personTypeId);
        $html .= $this->fields->select('orders[delivery_id]', self::say('DELIVERY'), $none + $this->choices->deliveries(), $orders->deliveryId);
        $html .= $this->fields->select('orders[pay_system_id]', self::say('PAY_SYSTEM'), $none + $this->choices->paySystems(), $orders->paySystemId);
        $html .= $this->fields->checkbox('orders[refuses_unknown_skus]', self::say('REFUSES_UNKNOWN'), $orders->refusesUnknownSkus, self::say('REFUSES_UNKNOWN_HINT'));
        $html .= $this->fields->checkbox('orders[sends_mail]', self::say('SENDS_MAIL'), $orders->sendsMail);
        $html .= $this->fields->checkbox('orders[prints_receipts]', self::say('PRINTS_RECEIPTS'), $orders->printsReceipts, self::say('PRINTS_RECEIPTS_HINT'));
        $html .= $this->fields->heading(self::say('HEADING_BUYER'));
        $properties = $noText + $this->choices->orderProperties($orders->personTypeId);
        foreach (self::BUYER as $part) {
            $html .= $this->fields->select("orders[properties][$part]", self::say('BUYER_' . strtoupper($part)), $properties, $orders->properties[$part] ?? '');
        }
        $html .= $this->fields->heading(self::say('HEADING_STATUSES'));
        $statuses = ['' => self::say('STATUS_DEFAULT')] + $this->choices->orderStatuses();
        foreach (self::STATUSES as $status) {
            $html .= $this->fields->select("orders[statuses][$status]", "$status: " . self::say("STATUS_$status"), $statuses, $orders->statuses[$status] ?? '');
        }
        $html .= $this->fields->heading(self::say('HEADING_CARRIERS'));
        foreach ($this->choices->deliveries() as $id => $delivery) {
            $html .= $this->fields->text("orders[carriers][$id]", $delivery, $orders->carriers[$id] ?? '');
        }

        return $html;
    }

    /** @param array<string, string> $properties */
    private function property(string $name, array $properties, string $value): string
    {
        if ($value !== '' && !isset($properties[$value])) {
            $properties[$value] = $value;
        }

        return $this->fields->select($name, self::say(strtoupper($name)), $properties, $value, self::say(strtoupper($name) . '_HINT'));
    }

    private static function say(string $code): string
    {
        return (string)Loc::getMessage("ALIGATE_ALIEXPRESS_$code");
    }
}
