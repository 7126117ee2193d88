<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\EventHandler;

use Bitrix\Main\Loader;

/** Elements of infoblocks: products and offers. Their `OnAfter...` events fire for refused writes too. */
final class ElementHandler
{
    private const MEMORY = 'deleted elements';
    private const VALUES = 'b_iblock_element_property';

    /** Fields that decide whether, and under which name, a quantity is sold. */
    private const DECIDES_STOCK = [
        'ACTIVE', 'ACTIVE_FROM', 'ACTIVE_TO', 'DATE_ACTIVE_FROM', 'DATE_ACTIVE_TO', 'XML_ID', 'EXTERNAL_ID', 'CODE',
        'PROPERTY_VALUES', 'IBLOCK_SECTION', 'IBLOCK_SECTION_ID', 'WF_STATUS_ID',
    ];

    public static function onAfterAdd(mixed $fields = null): void
    {
        self::changed($fields, true);
    }

    public static function onAfterUpdate(mixed $fields = null): void
    {
        self::changed($fields, is_array($fields) && array_intersect(self::DECIDES_STOCK, array_keys($fields)) !== []);
    }

    public static function onAfterSetPropertyValues(mixed $elementId = null, mixed $iblockId = null): void
    {
        Catching::run(static fn (Hit $hit) => $hit->element(Id::of($elementId), Id::of($iblockId), true));
    }

    /** Remembers the product of an offer: when the offer is gone, nothing leads to it any more. */
    public static function onBeforeDelete(mixed $elementId = null): void
    {
        Catching::run(static function (Hit $hit) use ($elementId): void {
            $isAsked = $hit->memory->isNeeded() && Loader::includeModule('catalog');
            $offer = $isAsked ? \CCatalogSku::GetProductInfo(Id::of($elementId)) : false;
            if (is_array($offer)) {
                $hit->memory->remember(self::MEMORY, Id::of($elementId), $offer);
            }
        });
    }

    public static function onAfterDelete(mixed $row = null): void
    {
        Catching::run(static function (Hit $hit) use ($row): void {
            if (!is_array($row) || Id::of($row['WF_PARENT_ELEMENT_ID'] ?? null) > 0) {
                return;
            }
            $hit->element(Id::of($row), Id::of($row['IBLOCK_ID'] ?? null), true);
            $product = $hit->memory->takeOut(self::MEMORY, Id::of($row));
            if ($product !== []) {
                $hit->element(Id::of($product), Id::of($product['IBLOCK_ID'] ?? null), false);
            }
        });
    }

    /** Elements written through the classes of an infoblock's API code send nothing but this. */
    public static function onOrmAfter(mixed $event = null): void
    {
        Catching::run(static fn (Hit $hit) => $hit->element(OrmRow::id($event), 0, true));
    }

    /** A row of section membership written through its ORM class; its primary key names the element. */
    public static function onOrmSectionElement(mixed $event = null): void
    {
        Catching::run(static function (Hit $hit) use ($event): void {
            $hit->element(Id::of(OrmRow::primary($event)['IBLOCK_ELEMENT_ID'] ?? null), 0, true);
        });
    }

    /** A property's value written through the classes of an infoblock's API code. */
    public static function onOrmPropertyValue(mixed $event = null): void
    {
        Catching::run(static function (Hit $hit) use ($event): void {
            $row = OrmRow::of($event, self::VALUES, ['IBLOCK_ELEMENT_ID'], $hit->memory);
            $hit->element(Id::of($row['IBLOCK_ELEMENT_ID'] ?? null), 0, true);
        });
    }

    /** The value's row still stands: remembers its element. */
    public static function onOrmPropertyValueDelete(mixed $event = null): void
    {
        Catching::run(static function (Hit $hit) use ($event): void {
            OrmRow::remember($event, self::VALUES, ['IBLOCK_ELEMENT_ID'], $hit->memory);
        });
    }

    public static function onOrmAfterPropertyValueDelete(mixed $event = null): void
    {
        Catching::run(static function (Hit $hit) use ($event): void {
            $row = $hit->memory->takeOut(self::VALUES, OrmRow::id($event));
            $hit->element(Id::of($row['IBLOCK_ELEMENT_ID'] ?? null), 0, true);
        });
    }

    private static function changed(mixed $fields, bool $changesStock): void
    {
        Catching::run(static function (Hit $hit) use ($fields, $changesStock): void {
            if (!is_array($fields) || Id::of($fields['WF_PARENT_ELEMENT_ID'] ?? null) > 0 || self::isRefused($fields)) {
                return;
            }
            $hit->element(Id::of($fields['ID'] ?? null), Id::of($fields['IBLOCK_ID'] ?? null), $changesStock);
        });
    }

    /** @param array<mixed> $fields */
    private static function isRefused(array $fields): bool
    {
        return array_key_exists('RESULT', $fields) && !$fields['RESULT'];
    }
}
