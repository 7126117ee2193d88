<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\EventHandler;

/** What changes prices without touching their rows: price types, currencies, discounts, rounding, taxes. */
final class PriceTypeHandler
{
    public static function onGroupChange(mixed $priceTypeId = null): void
    {
        Catching::run(static fn (Hit $hit) => $hit->priceType(Id::of($priceTypeId)));
    }

    /** A currency or its rate changed: prices in it stay as they are, converted ones do not. */
    public static function onCurrencyChange(): void
    {
        Catching::run(static fn (Hit $hit) => $hit->rate());
    }

    /** A currency took its prices with it. */
    public static function onCurrencyDelete(): void
    {
        Catching::run(static fn (Hit $hit) => $hit->allPrices());
    }

    public static function onDiscountChange(): void
    {
        Catching::run(static fn (Hit $hit) => $hit->discount());
    }

    /** A price type was written through its ORM class. */
    public static function onOrmGroup(mixed $event = null): void
    {
        Catching::run(static fn (Hit $hit) => $hit->priceType(OrmRow::id($event)));
    }

    public static function onOrmCurrency(mixed $event = null): void
    {
        Catching::run(static fn (Hit $hit) => $hit->rate());
    }

    public static function onOrmCurrencyDelete(mixed $event = null): void
    {
        Catching::run(static fn (Hit $hit) => $hit->allPrices());
    }

    public static function onOrmDiscount(mixed $event = null): void
    {
        Catching::run(static fn (Hit $hit) => $hit->discount());
    }

    /** A tax rate changed: prices without tax are other prices now. */
    public static function onOrmVat(mixed $event = null): void
    {
        Catching::run(static fn (Hit $hit) => $hit->allPrices());
    }
}
