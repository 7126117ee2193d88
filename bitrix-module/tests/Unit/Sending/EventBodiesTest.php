<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Unit\Sending;

use Aligate\Aliexpress\Outbox\Cause;
use Aligate\Aliexpress\Reading\Offer;
use Aligate\Aliexpress\Reading\Order;
use Aligate\Aliexpress\Reading\Package;
use Aligate\Aliexpress\Reading\Price;
use Aligate\Aliexpress\Reading\Product;
use Aligate\Aliexpress\Reading\Property;
use Aligate\Aliexpress\Reading\PropertyValue;
use Aligate\Aliexpress\Reading\Section;
use Aligate\Aliexpress\Reading\Shipment;
use Aligate\Aliexpress\Sending\EventBuilder;
use Aligate\Aliexpress\Sending\Outgoing;
use Aligate\Aliexpress\Sending\Want;
use PHPUnit\Framework\TestCase;

/** The bodies of events as the gateway's tests read them, too: `tests/fixtures/event-bodies.json` belongs to both. */
final class EventBodiesTest extends TestCase
{
    private const FILE = __DIR__ . '/../../../../tests/fixtures/event-bodies.json';

    /** @test */
    public function theSharedBodiesAreWhatTheModuleBuilds(): void
    {
        $shared = json_decode((string)file_get_contents(self::FILE), true, 64, JSON_THROW_ON_ERROR);
        $built = [];
        foreach (self::events() as $name => $event) {
            $built[$name] = json_decode(json_encode($event->toArray(1763892000000000), JSON_THROW_ON_ERROR), true);
        }

        self::assertSame(array_column($shared, 'name'), array_keys($built));
        foreach ($shared as ['name' => $name, 'event' => $event]) {
            self::assertSame($event, $built[$name], $name);
        }
    }

    /** @return array<string, Outgoing> */
    private static function events(): array
    {
        $edit = new Want([1], Cause::Edit);
        $sale = new Price('1990.00', '1490.00', 'RUB');
        $parcel = new Shipment(77, 'RU123456789CN', 5, 'post', [1207 => 1.0]);
        $order = static fn (array $shipments, string $status, bool $isCanceled = false): Order
            => new Order(551, '8123456789012345', false, $isCanceled, $status, $shipments, [1207 => 1.0], null);
        $told = static fn (Order $order): array => (array)EventBuilder::order($order, [1207 => 'TSHIRT-RED-M'], ['5' => 'RUSSIAN_POST']);

        return [
            'stock' => new Outgoing(Outgoing::STOCK, EventBuilder::stock('TSHIRT-RED-M', 7), $edit),
            'stock, forced, found by the sweep' => new Outgoing(
                Outgoing::STOCK,
                EventBuilder::stock("\u{0424}-\"1\"/\\", 0),
                new Want([1], Cause::Sweep, true),
            ),
            'price' => new Outgoing(Outgoing::PRICE, EventBuilder::price('A', new Price('10.50', false, 'RUB')), $edit),
            'price with discount' => new Outgoing(Outgoing::PRICE, EventBuilder::price('A', $sale), $edit),
            'price whose discount ended' => new Outgoing(
                Outgoing::PRICE,
                EventBuilder::price('A', new Price('1990.00', null, 'RUB')),
                $edit,
            ),
            'product' => new Outgoing(Outgoing::PRODUCT, self::product($sale), new Want([1], Cause::Exchange)),
            'product with nothing but a SKU' => new Outgoing(Outgoing::PRODUCT, self::bareProduct(), $edit),
            'product deleted' => new Outgoing(Outgoing::DELETED, EventBuilder::deleted(1206, ['CAP-BLUE', '100']), $edit),
            'order shipped' => new Outgoing(Outgoing::ORDER, $told($order([$parcel], 'P')), $edit),
            'order delivered' => new Outgoing(Outgoing::ORDER, $told($order([$parcel], 'F')), $edit),
            'order cancelled' => new Outgoing(Outgoing::ORDER, $told($order([], 'N', true)), $edit),
        ];
    }

    /** @return array<string, mixed> */
    private static function product(Price $price): array
    {
        $property = static fn (string $code, string $name, bool $isMultiple = false): Property
            => new Property(1, 1, $code, $name, 'L', '', '', $isMultiple, false, '');
        $product = new Product(
            1205,
            'a1b2',
            true,
            "\u{0424}\u{0443}\u{0442}\u{0431}\u{043E}\u{043B}\u{043A}\u{0430}",
            '<p>soft</p>',
            [new Section(70, 0, 'Clothes', 'clothes', true), new Section(77, 70, 'T-shirts', 't-shirts', true)],
            'Acme',
            'https://shop.example/p/1205',
            ['https://shop.example/upload/1.jpg'],
            [
                new PropertyValue($property('MATERIAL', 'Material'), [['Cotton', '331']]),
                new PropertyValue($property('TAGS', 'Tags', true), [['new', null], ['summer', '5']]),
            ],
            new Package(300.0, 300.0, 200.0, 30.0),
            ['en' => ['name' => 'T-shirt', 'description_html' => '<p>soft</p>']],
            [
                new Offer(1207, '4006381333931', [new PropertyValue($property('COLOR', 'Color'), [['Red', '12']])], ['https://shop.example/upload/2.jpg']),
                new Offer(1208, '', [], []),
            ],
        );

        return EventBuilder::product($product, [1207 => 'TSHIRT-RED-M', 1208 => 'TSHIRT-BLUE-M'], [1207 => 7], [1207 => $price]);
    }

    /** @return array<string, mixed> */
    private static function bareProduct(): array
    {
        $offer = new Offer(9, '', [], []);
        $product = new Product(9, '', false, 'Cap', '', [], '', '', [], [], new Package(0.0, 0.0, 0.0, 0.0), [], [$offer]);

        return EventBuilder::product($product, [9 => 'CAP'], [9 => 0], []);
    }
}
