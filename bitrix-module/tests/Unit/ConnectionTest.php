<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Unit;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\SkuSource;
use PHPUnit\Framework\TestCase;

final class ConnectionTest extends TestCase
{
    private const SECRET = 'whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=';

    /** @test */
    public function itComesBackFromWhatIsSavedAsItWas(): void
    {
        $connection = Connection::fromArray([
            'id' => '7', 'name' => ' Main ', 'gateway_url' => 'https://gateway.example/', 'shop_id' => 'main',
            'secrets' => [self::SECRET], 'iblock_ids' => ['3', 3, 0, 'x', '4'], 'price_type_id' => '2', 'warehouse_ids' => ['5'],
            'sku_source' => 'xml_id', 'use_discounts' => 'Y', 'sends_orders' => 'N', 'untraced_quantity' => 10 ** 9,
            'orders' => ['user_id' => '9', 'statuses' => ['FINISH' => 'F', 'IN_CANCEL' => '']],
        ]);
        self::assertSame([7, 'Main', 'https://gateway.example'], [$connection->id, $connection->name, $connection->gatewayUrl]);
        self::assertSame([[3, 4], 2, [5]], [$connection->iblockIds, $connection->priceTypeId, $connection->warehouseIds]);
        self::assertSame([SkuSource::XmlId, 999999], [$connection->skuSource, $connection->untracedQuantity]);
        self::assertSame([true, false, true], [$connection->useDiscounts, $connection->sendsOrders, $connection->sendsStock]);
        self::assertSame([9, ['FINISH' => 'F']], [$connection->orders->userId, $connection->orders->statuses]);
        self::assertTrue($connection->isReady());

        $saved = json_decode((string)json_encode($connection->toArray()), true);
        self::assertEquals($connection, Connection::fromArray($saved));
    }

    /** @test */
    public function whatAnybodySavedGivesAConnectionWithTheTypesThatTheCodeExpects(): void
    {
        $connection = Connection::fromArray(['id' => [], 'secrets' => 'x', 'iblock_ids' => '3', 'name' => ['a'], 'orders' => 5]);
        self::assertSame([0, '', [], []], [$connection->id, $connection->name, $connection->secrets, $connection->iblockIds]);
        self::assertFalse($connection->isReady());
    }

    /** @test */
    public function theSecretShowsInNoDump(): void
    {
        $connection = Connection::fromArray(['id' => 1, 'secrets' => [self::SECRET]]);
        ob_start();
        var_dump($connection);
        $dump = (string)ob_get_clean() . print_r($connection, true);
        self::assertStringNotContainsString(self::SECRET, $dump);
        self::assertStringContainsString('***', $dump);
    }
}
