<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Kernel;

use Aligate\Aliexpress\Tests\FakeKernel\EventRecorder;
use Aligate\Aliexpress\Tests\FakeKernel\Exchange;
use Aligate\Aliexpress\Tests\FakeKernel\Hit;
use Aligate\Aliexpress\Tests\FakeKernel\KernelTestCase;
use Aligate\Aliexpress\Tests\Fixtures\CommerceMl;
use Bitrix\Main\Application;

require_once __DIR__ . '/ObservedEvents.php';
require_once dirname(__DIR__) . '/Fixtures/CommerceMl.php';

/**
 * An exchange with 1C sends what a running kernel was seen to send, request by request: a first import that makes the infoblocks, a
 * second with other names, offers that changed and that did not (skipped by their checksum), prices alone, rests alone, and a full
 * catalogue in which a product is missing. Requests in which nothing happens are not compared: the kernel has more of them.
 */
final class ExchangeEventsTest extends KernelTestCase
{
    private const STORES = ['wh-1' => 'Warehouse 1', 'wh-2' => 'Warehouse 2'];
    private const CLASSIFIER = ['groups' => ['grp-1' => 'Clothes'], 'properties' => ['COLOR' => 'Colour']];

    private CommerceMl $files;
    private EventRecorder $recorder;

    protected function setUp(): void
    {
        parent::setUp();
        $this->files = new CommerceMl("{$this->site->root()}/upload/1c_catalog");
    }

    /** @test */
    public function everyRequestOfAnExchangeTellsWhatAKernelTold(): void
    {
        $this->catalogue('import0_1.xml', '', ['prod-1', 'prod-2', 'prod-3']);
        $this->package('offers0_1.xml', 0, ['price', 'pieces', 'stores']);
        $this->catalogue('import0_2.xml', ' v2', ['prod-1', 'prod-2', 'prod-3']);
        $this->package('offers0_2.xml', 4, ['price', 'pieces', 'stores']);
        $this->package('offers0_same.xml', 4, ['price', 'pieces', 'stores']);
        $this->package('prices0_1.xml', 7, ['price']);
        $this->package('rests0_1.xml', 15, ['pieces', 'stores']);
        $this->catalogue('import0_full2.xml', ' v3', ['prod-1', 'prod-2']);

        foreach ($this->observedByFile() as $file => $observed) {
            $sent = $this->exchange($file);
            self::assertSameSize($observed, $sent, "requests of $file that tell something");
            foreach ($observed as $at => [$name, $events]) {
                ObservedEvents::compare($events, $sent[$at], $name);
            }
        }
        $rows = Application::getConnection()->query('SELECT E.XML_ID, E.ACTIVE, P.QUANTITY, C.PRICE FROM b_iblock_element E'
            . ' LEFT JOIN b_catalog_product P ON P.ID = E.ID LEFT JOIN b_catalog_price C ON C.PRODUCT_ID = E.ID ORDER BY E.XML_ID')->fetchAll();
        self::assertSame([
            'prod-1 Y 0 107.00', 'prod-1#m Y 20 117.00', 'prod-1#s Y 20 107.00', 'prod-2 Y 22 207.00', 'prod-3 N 23 307.00',
        ], array_map(static fn (array $row): string => "{$row['XML_ID']} {$row['ACTIVE']} " . (int)$row['QUANTITY'] . " {$row['PRICE']}", $rows), 'what is missing is out of sale, its stock and price stay');
    }

    /**
     * Not among the observed requests; as the kernel is described.
     *
     * @test
     */
    public function whatIsMissingIsDeactivatedDeletedOrLeftAndComesBackUnchanged(): void
    {
        $this->catalogue('import0_1.xml', '', ['prod-1', 'prod-2', 'prod-3']);
        $this->package('offers0_1.xml', 0, ['price', 'pieces', 'stores']);
        $this->exchange('import0_1.xml');
        $this->exchange('offers0_1.xml');
        $this->catalogue('import0_2.xml', '', ['prod-2', 'prod-3']);
        $this->exchange('import0_2.xml');
        self::assertSame(['prod-1 N', 'prod-1#m Y', 'prod-1#s Y', 'prod-2 Y', 'prod-3 Y'], $this->elements(), 'its offers are left as they are');

        $sent = $this->exchange('import0_1.xml');
        $updates = array_filter(array_merge(...$sent), static fn (array $event): bool => $event['name'] === 'OnAfterIBlockElementUpdate');
        self::assertSame([3, 'Y'], [count($updates), end($updates)['args']['#0']['ACTIVE']], 'the product and its offers are activated, nothing else is written');

        $this->catalogue('import0_3.xml', '', ['prod-2'], false);
        $this->exchange('import0_3.xml');
        self::assertNotContains('prod-3 N', $this->elements(), 'a file of changes misses nothing');
        Application::getConnection()->queryExecute("UPDATE b_iblock_element SET TIMESTAMP_X = TIMESTAMP_X - INTERVAL 1 HOUR WHERE XML_ID = 'prod-3'");
        self::assertStringStartsWith('success', $this->request('deactivate', ''));
        self::assertContains('prod-3 N', $this->elements(), 'but what nothing has touched goes where 1C asks for it');

        self::assertStringStartsWith('success', $this->request('complete', ''));
        $this->exchange('import0_2.xml', ['ELEMENT_ACTION' => 'D']);
        self::assertSame(['prod-2 Y', 'prod-3 Y'], $this->elements(), 'deleted with its offers');
        $this->catalogue('import0_4.xml', '', ['prod-2']);
        $this->exchange('import0_4.xml', ['ELEMENT_ACTION' => 'N']);
        self::assertSame(['prod-2 Y', 'prod-3 Y'], $this->elements());
    }

    /** @return list<string> */
    private function elements(): array
    {
        $rows = Application::getConnection()->query('SELECT XML_ID, ACTIVE FROM b_iblock_element ORDER BY XML_ID')->fetchAll();

        return array_map(static fn (array $row): string => "{$row['XML_ID']} {$row['ACTIVE']}", $rows);
    }

    /** @return array<string, list<array{string, list<array>}>> by file, its requests that told something */
    private function observedByFile(): array
    {
        $files = [];
        foreach ((require __DIR__ . '/observed-scenarios.php')['exchange'] as $name) {
            $files[explode(' ', $name)[2]][] = [$name, ObservedEvents::observed($name)];
        }

        return $files;
    }

    /**
     * @param array<string, mixed> $parameters of the exchange
     * @return list<list<array>> what each request recorded that told more than that its output begins
     */
    private function exchange(string $file, array $parameters = []): array
    {
        $sent = [];
        do {
            $answer = $this->request('import', $file, $parameters);
            count($this->recorder->events) > 1 && $sent[] = $this->recorder->events;
        } while (str_starts_with($answer, 'progress'));
        self::assertStringStartsWith('success', $answer);

        return $sent;
    }

    /** @param array<string, mixed> $parameters */
    private function request(string $mode, string $file, array $parameters = []): string
    {
        Hit::start(['SCRIPT_NAME' => '/bitrix/admin/1c_exchange.php'], ['type' => 'catalog', 'mode' => $mode, 'filename' => $file]);
        $exchange = new Exchange($this->site, $parameters);
        $this->recorder = EventRecorder::start();

        return $exchange->answer($mode, $file);
    }

    /** @param list<string> $codes */
    private function catalogue(string $file, string $version, array $codes, bool $isFull = true): void
    {
        $products = [];
        foreach ($codes as $code) {
            $products[] = ['id' => $code, 'name' => "Item $code$version", 'article' => "A-$code", 'description' => "Text $code$version", 'group' => 'grp-1',
                'values' => ['COLOR' => 'red'], 'weight' => '0.' . substr($code, -1), 'unit' => '796'];
        }
        $this->files->products($file, $products, self::CLASSIFIER, $isFull);
    }

    /**
     * Two offers of the first product, and the two simple ones; the last has no stock in warehouses.
     *
     * @param list<string> $with
     */
    private function package(string $file, int $more, array $with): void
    {
        $offers = [];
        foreach (['prod-1#s' => 100, 'prod-1#m' => 110, 'prod-2' => 200, 'prod-3' => 300] as $code => $price) {
            $pieces = 5 + $more + ($code === 'prod-2' ? 2 : 0) + ($code === 'prod-3' ? 3 : 0);
            $all = ['id' => $code, 'name' => "Item $code", 'article' => "A-$code", 'unit' => '796', 'price' => (string)($price + $more), 'pieces' => $pieces,
                'stores' => ['wh-1' => $pieces - 1, 'wh-2' => 1]] + (str_contains($code, '#') ? ['size' => substr($code, -1)] : []);
            $offers[] = array_diff_key($all, array_flip(array_diff(['price', 'pieces', 'stores'], $with)));
        }
        $this->files->offers($file, $offers, self::STORES);
    }
}
