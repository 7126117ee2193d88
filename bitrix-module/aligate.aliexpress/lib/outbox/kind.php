<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Outbox;

/**
 * What a row of the outbox says has changed.
 *
 * The first four name one entity and are what the drain takes. The others name a *scope*: a change whose entities
 * are too many to be looked up in a handler. `ScopeExpander` turns them into rows of the first four, page by page.
 */
enum Kind: string
{
    /** An element: a product or an offer. The drain sends its product, and stock and price where they differ. */
    case Product = 'P';
    case Stock = 'S';
    case Price = 'R';
    case Order = 'O';

    /** A section: every product in it and below it. Dropped where the section is as it was. */
    case Section = 'C';

    /**
     * An infoblock's definition: every product of it. Dropped where name, properties and list values are as they were.
     */
    case Definition = 'D';

    /** Every product of an infoblock, whatever its definition says. */
    case Iblock = 'I';

    /** A price type, 0: all. Every price of it; one price type is dropped where its row is as it was. */
    case PriceType = 'T';

    /** A warehouse, 0: all. Every stock in it; one warehouse is dropped where its row is as it was. */
    case Warehouse = 'W';

    /** @return list<self> those that name one entity */
    public static function entities(): array
    {
        return [self::Product, self::Stock, self::Price, self::Order];
    }

    public function isScope(): bool
    {
        return !in_array($this, self::entities(), true);
    }

    /** Whether it waits for the end of a running 1C exchange: a half-imported product has no price yet. */
    public function waitsForExchange(): bool
    {
        return match ($this) {
            self::Product, self::Section, self::Definition, self::Iblock => true,
            default => false,
        };
    }
}
