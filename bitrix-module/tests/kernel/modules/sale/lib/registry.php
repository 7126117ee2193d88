<?php

namespace Bitrix\Sale;

/** Which classes stand for what; other modules may put theirs. */
class Registry
{
    public const REGISTRY_TYPE_ORDER = 'ORDER';
    public const REGISTRY_TYPE_ARCHIVE_ORDER = 'ARCHIVE_ORDER';
    public const ENTITY_ORDER = 'ORDER';

    private static $instances = [];

    private const CLASSES = [
        'ORDER' => Order::class, 'BASKET' => Basket::class, 'BASKET_ITEM' => BasketItem::class, 'PAYMENT' => Payment::class, 'SHIPMENT' => Shipment::class,
    ];

    /** @var array<string, string> */
    private array $own = [];

    private function __construct(private readonly string $type)
    {
    }

    public static function getInstance($type)
    {
        return self::$instances[$type] ??= new self($type);
    }

    public function getType()
    {
        return $this->type;
    }

    public function set($code, $className)
    {
        $this->own[$code] = $className;
    }

    public function get($code)
    {
        return '\\' . ltrim($this->own[$code] ?? self::CLASSES[$code] ?? throw new \Bitrix\Main\SystemException("No class for `$code`"), '\\');
    }

    public function getOrderClassName()
    {
        return $this->get('ORDER');
    }

    public function getBasketClassName()
    {
        return $this->get('BASKET');
    }

    public function getBasketItemClassName()
    {
        return $this->get('BASKET_ITEM');
    }

    public function getPaymentClassName()
    {
        return $this->get('PAYMENT');
    }

    public function getShipmentClassName()
    {
        return $this->get('SHIPMENT');
    }
}
