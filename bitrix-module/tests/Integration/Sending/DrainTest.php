<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Sending;

use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Sending\DrainReport;

require_once __DIR__ . '/SendingTestCase.php';

final class DrainTest extends SendingTestCase
{
    /** @test */
    public function aSimpleProductIsToldWithItsStockAndPrice(): void
    {
        $id = $this->shop->product('A');
        $this->shop->goods($id, 7.9);
        $this->touch(Kind::Product, [$id]);

        self::assertSame(DrainReport::Drained, $this->drain());
        self::assertSame(['price.changed A 100.00', "product.changed $id", 'stock.changed A 7'], $this->gateway->told());
        self::assertSame(["P $id A"], $this->rows());
    }
}
