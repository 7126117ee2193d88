<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Reading;

/** Orders that came from AliExpress, with their parcels. Nothing of the buyer is read. */
final class OrderReader
{
    public function __construct(private readonly Rows $rows)
    {
    }

    /**
     * @param list<int> $ids
     * @return array<int, Order> those of AliExpress alone
     */
    public function read(int $connectionId, array $ids): array
    {
        if ($ids === []) {
            return [];
        }
        $list = Rows::list($ids);
        $mapped = $this->rows->all(
            'SELECT m.ORDER_ID, m.ALIEXPRESS_ORDER_ID, m.SENT_HASH, o.ID, o.CANCELED, o.STATUS_ID'
            . ' FROM b_aligate_aliexpress_order m LEFT JOIN b_sale_order o ON o.ID = m.ORDER_ID'
            . " WHERE m.CONNECTION_ID = $connectionId AND m.ORDER_ID IN ($list)"
        );
        if ($mapped === []) {
            return [];
        }
        $ordered = $this->ordered($list);
        $shipments = $this->shipments($list);
        $orders = [];
        foreach ($mapped as $row) {
            $id = (int)$row['ORDER_ID'];
            $orders[$id] = new Order(
                $id,
                (string)$row['ALIEXPRESS_ORDER_ID'],
                $row['ID'] === null,
                $row['CANCELED'] === 'Y',
                (string)$row['STATUS_ID'],
                $shipments[$id] ?? [],
                $ordered[$id] ?? [],
                $row['SENT_HASH'],
            );
        }

        return $orders;
    }

    /** @return array<int, array<int, float>> */
    private function ordered(string $orderIds): array
    {
        $rows = $this->rows->all(
            "SELECT ORDER_ID, PRODUCT_ID, SUM(QUANTITY) AS PIECES FROM b_sale_basket WHERE ORDER_ID IN ($orderIds)"
            . ' AND COALESCE(SET_PARENT_ID, 0) IN (0, ID) GROUP BY ORDER_ID, PRODUCT_ID'
        );
        $ordered = [];
        foreach ($rows as $row) {
            $ordered[(int)$row['ORDER_ID']][(int)$row['PRODUCT_ID']] = (float)$row['PIECES'];
        }

        return $ordered;
    }

    /** @return array<int, list<Shipment>> */
    private function shipments(string $orderIds): array
    {
        $rows = $this->rows->all(
            'SELECT d.ID, d.ORDER_ID, d.TRACKING_NUMBER, d.DELIVERY_ID, s.CODE, b.PRODUCT_ID, SUM(i.QUANTITY) AS PIECES'
            . ' FROM b_sale_order_delivery d LEFT JOIN b_sale_delivery_srv s ON s.ID = d.DELIVERY_ID'
            . ' LEFT JOIN b_sale_order_dlv_basket i ON i.ORDER_DELIVERY_ID = d.ID'
            . ' LEFT JOIN b_sale_basket b ON b.ID = i.BASKET_ID AND COALESCE(b.SET_PARENT_ID, 0) IN (0, b.ID)'
            . " WHERE d.ORDER_ID IN ($orderIds) AND d.SYSTEM <> 'Y' AND (d.CANCELED IS NULL OR d.CANCELED <> 'Y')"
            . " AND d.TRACKING_NUMBER IS NOT NULL AND d.TRACKING_NUMBER <> ''"
            . ' GROUP BY d.ID, d.ORDER_ID, d.TRACKING_NUMBER, d.DELIVERY_ID, s.CODE, b.PRODUCT_ID'
            . ' ORDER BY d.ID, b.PRODUCT_ID'
        );
        $found = [];
        foreach ($rows as $row) {
            $found[(int)$row['ORDER_ID']][(int)$row['ID']][] = $row;
        }
        $shipments = [];
        foreach ($found as $orderId => $parcels) {
            $shipments[$orderId] = array_map(self::shipment(...), array_values($parcels));
        }

        return $shipments;
    }

    /** @param non-empty-list<array<string, string|null>> $rows of one parcel, one for each product in it */
    private static function shipment(array $rows): Shipment
    {
        $pieces = [];
        foreach ($rows as $row) {
            if ((int)$row['PRODUCT_ID'] > 0) {
                $pieces[(int)$row['PRODUCT_ID']] = (float)$row['PIECES'];
            }
        }
        $first = $rows[0];
        $number = Text::line((string)$first['TRACKING_NUMBER']);

        return new Shipment((int)$first['ID'], $number, (int)$first['DELIVERY_ID'], (string)$first['CODE'], $pieces);
    }
}
