<?php

declare(strict_types=1);

namespace Aligate\Aliexpress;

/**
 * One AliExpress account that this shop serves: the gateway it speaks to, and what of the shop goes there.
 *
 * The secret never shows in dumps; `toArray` is for the option alone.
 */
final class Connection
{
    /** Stock that the shop does not trace is sent as this many pieces where the setting says nothing. */
    public const UNTRACED_QUANTITY = 100;

    /**
     * @param int $id 1, 2, 3 ...; never given again
     * @param string $gatewayUrl with http or https, without the path of the API
     * @param string $shopId the shop's id at the gateway
     * @param list<string> $secrets `whsec_...`; the first signs, all verify
     * @param list<int> $iblockIds product infoblocks; those of their offers follow by themselves
     * @param int $priceTypeId 0: the base price type
     * @param list<int> $warehouseIds empty: the quantity of the product row
     * @param string $skuProperty code of the property where the source is `Property`
     * @param bool $useDiscounts whether the price with discounts is sent beside the price
     * @param int $untracedQuantity pieces that are sent where the shop does not trace the quantity
     * @param string $currency into which prices are converted; '': as the shop has them
     * @param string $siteId the site (LID) whose addresses products and pictures get; '': the default one
     * @param string $brandProperty code of the property that holds the brand
     * @param list<string> $pictureProperties codes of the properties that hold more pictures
     * @param list<string> $productProperties codes of the properties that are sent; empty: all
     * @param array<string, string> $translations `en.name` or `en.description` => code of the property that holds it
     */
    public function __construct(
        public readonly int $id,
        public readonly string $name,
        public readonly string $gatewayUrl,
        public readonly string $shopId,
        #[\SensitiveParameter] public readonly array $secrets,
        public readonly array $iblockIds,
        public readonly int $priceTypeId = 0,
        public readonly array $warehouseIds = [],
        public readonly SkuSource $skuSource = SkuSource::Property,
        public readonly string $skuProperty = 'CML2_ARTICLE',
        public readonly bool $useDiscounts = false,
        public readonly int $untracedQuantity = self::UNTRACED_QUANTITY,
        public readonly string $currency = '',
        public readonly string $siteId = '',
        public readonly string $brandProperty = '',
        public readonly array $pictureProperties = ['MORE_PHOTO'],
        public readonly array $productProperties = [],
        public readonly array $translations = [],
        public readonly bool $sendsProducts = true,
        public readonly bool $sendsStock = true,
        public readonly bool $sendsPrices = true,
        public readonly bool $sendsOrders = true,
        public readonly bool $isActive = true,
        public readonly OrderDefaults $orders = new OrderDefaults(),
    ) {
    }

    /** @param array<mixed> $saved */
    public static function fromArray(array $saved): self
    {
        $orders = $saved['orders'] ?? [];

        return new self(
            id: Saved::integer($saved, 'id'),
            name: Saved::text($saved, 'name', 100),
            gatewayUrl: rtrim(Saved::text($saved, 'gateway_url'), '/'),
            shopId: Saved::text($saved, 'shop_id', 64),
            secrets: array_slice(Saved::texts($saved, 'secrets'), 0, 4),
            iblockIds: Saved::ids($saved, 'iblock_ids'),
            priceTypeId: Saved::integer($saved, 'price_type_id'),
            warehouseIds: Saved::ids($saved, 'warehouse_ids'),
            skuSource: SkuSource::tryFrom(Saved::text($saved, 'sku_source')) ?? SkuSource::Property,
            skuProperty: Saved::text($saved, 'sku_property', 50, 'CML2_ARTICLE'),
            useDiscounts: Saved::flag($saved, 'use_discounts', false),
            untracedQuantity: min(999999, Saved::integer($saved, 'untraced_quantity', self::UNTRACED_QUANTITY)),
            currency: Saved::text($saved, 'currency', 3),
            siteId: Saved::text($saved, 'site_id', 2),
            brandProperty: Saved::text($saved, 'brand_property', 50),
            pictureProperties: isset($saved['picture_properties'])
                ? Saved::texts($saved, 'picture_properties')
                : ['MORE_PHOTO'],
            productProperties: Saved::texts($saved, 'product_properties'),
            translations: Saved::textMap($saved, 'translations'),
            sendsProducts: Saved::flag($saved, 'sends_products', true),
            sendsStock: Saved::flag($saved, 'sends_stock', true),
            sendsPrices: Saved::flag($saved, 'sends_prices', true),
            sendsOrders: Saved::flag($saved, 'sends_orders', true),
            isActive: Saved::flag($saved, 'is_active', true),
            orders: OrderDefaults::fromArray(is_array($orders) ? $orders : []),
        );
    }

    /** @return array<string, mixed> with the secrets: for the option, never for a page or a log */
    public function toArray(): array
    {
        return [
            'id' => $this->id,
            'name' => $this->name,
            'gateway_url' => $this->gatewayUrl,
            'shop_id' => $this->shopId,
            'secrets' => $this->secrets,
            'iblock_ids' => $this->iblockIds,
            'price_type_id' => $this->priceTypeId,
            'warehouse_ids' => $this->warehouseIds,
            'sku_source' => $this->skuSource->value,
            'sku_property' => $this->skuProperty,
            'use_discounts' => $this->useDiscounts,
            'untraced_quantity' => $this->untracedQuantity,
            'currency' => $this->currency,
            'site_id' => $this->siteId,
            'brand_property' => $this->brandProperty,
            'picture_properties' => $this->pictureProperties,
            'product_properties' => $this->productProperties,
            'translations' => $this->translations,
            'sends_products' => $this->sendsProducts,
            'sends_stock' => $this->sendsStock,
            'sends_prices' => $this->sendsPrices,
            'sends_orders' => $this->sendsOrders,
            'is_active' => $this->isActive,
            'orders' => $this->orders->toArray(),
        ];
    }

    /** Whether enough is set for anything to be sent. */
    public function isReady(): bool
    {
        return $this->isActive && $this->gatewayUrl !== '' && $this->shopId !== '' && $this->secrets !== [];
    }

    /** @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return ['secrets' => '***'] + get_object_vars($this);
    }
}
