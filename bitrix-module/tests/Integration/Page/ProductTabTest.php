<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Page;

use Aligate\Aliexpress\Page\ProductTab;
use Aligate\Aliexpress\Sending\SentRow;
use Aligate\Aliexpress\Tests\FakeKernel\Shop;
use Aligate\Aliexpress\Tests\Integration\InstalledModuleTestCase;

require_once dirname(__DIR__) . '/InstalledModuleTestCase.php';

/** The tab of a product's card. */
final class ProductTabTest extends InstalledModuleTestCase
{
    /** @test */
    public function itNamesWhatWasSentOfTheProductAndOfNothingElse(): void
    {
        $shop = new Shop();
        $product = $shop->element('Shirt');
        $offer = $shop->offer($product, 'Small');
        $this->connect(['id' => 1, 'iblock_ids' => [$shop->products]]);
        $tab = $this->service('product_tab', ProductTab::class);
        self::assertNull($tab->of($product, 999), 'an infoblock that goes nowhere');
        self::assertStringNotContainsString('data-aligate-widget', (string)$tab->of($product, $shop->products)['CONTENT']);

        $this->service('sent', \Aligate\Aliexpress\Sending\SentRepository::class)->claim(1, [new SentRow($offer, $product, 'SHIRT-"S"')]);
        foreach ([[$product, $shop->products], [$offer, $shop->offers]] as [$element, $iblock]) {
            $content = (string)$tab->of($element, $iblock)['CONTENT'];
            self::assertStringContainsString('SHIRT-', $content);
            self::assertSame(1, substr_count($content, 'data-aligate-widget="trace"'));
        }
    }
}
