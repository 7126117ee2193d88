<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Kernel;

use Aligate\Aliexpress\Tests\FakeKernel\EventRecorder;
use Aligate\Aliexpress\Tests\FakeKernel\Hit;
use Aligate\Aliexpress\Tests\FakeKernel\KernelTestCase;
use Bitrix\Main\Loader;

/** The fake kernel does what a running kernel was seen to do; `ObservedEvents` says what is compared. */
final class ObservedEventsTest extends KernelTestCase
{
    /** @return iterable<string, array{string, string}> */
    public function scenarios(): iterable
    {
        foreach (array_diff_key(require __DIR__ . '/observed-scenarios.php', ['exchange' => 1]) as $area => $names) {
            foreach ($names as $name) {
                yield $name => [$area, $name];
            }
        }
    }

    /**
     * @test
     * @dataProvider scenarios
     */
    public function theFakeSendsWhatTheKernelWasSeenToSend(string $area, string $name): void
    {
        $scenarios = Scenarios::of($area);
        self::assertArrayHasKey($name, $scenarios, 'the scenario can be played');
        $act = $scenarios[$name]();
        Hit::start();
        array_map(Loader::includeModule(...), ['iblock', 'catalog', 'currency', 'sale']);
        $act = $act instanceof \Closure ? $act : static fn () => null;
        $recorder = EventRecorder::start();
        $prepared = $act();
        $recorder->events = [];
        $prepared instanceof \Closure && $prepared();
        ObservedEvents::compare(ObservedEvents::observed($name), $recorder->events, $name);
    }
}
