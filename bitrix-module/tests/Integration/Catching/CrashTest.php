<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Catching;

use Aligate\Aliexpress\Tests\FakeKernel\Child;

require_once __DIR__ . '/CatchingTestCase.php';

/** Hits in PHP processes of their own: how they end, and several at once. */
final class CrashTest extends CatchingTestCase
{
    private const PROLOGUE = <<<'PHP'
        \Bitrix\Main\Loader::includeModule('catalog');
        function touched(int $id): void
        {
            (new \Bitrix\Main\Event('catalog', '\Bitrix\Catalog\Product::OnAfterUpdate', [
                'id' => ['ID' => $id], 'primary' => ['ID' => $id], 'fields' => ['QUANTITY' => 1],
            ]))->send();
        }

        PHP;

    /** @test */
    public function aHitThatEndsWithDieLosesNothing(): void
    {
        [, $errors] = $this->child('touched(1); touched(2); touched(1); touched(2); touched(2); die("bye");')->wait();
        self::assertSame('', $errors);
        self::assertSame(['1 S 1 edit', '1 S 2 edit', '1 S 1 edit', '1 S 2 edit'], $this->waiting());
    }

    /** @test */
    public function aHitThatEndsWithAFatalErrorLosesNothing(): void
    {
        $this->child('touched(1); touched(1); undefined_function();')->wait();
        self::assertSame(['1 S 1 edit', '1 S 1 edit'], $this->waiting());
    }

    /** @test */
    public function aProcessThatIsKilledHasWrittenEachKeyItTouched(): void
    {
        $child = $this->child('foreach (range(1, 40) as $id) { touched($id); } echo "ready\n"; fgets(STDIN);');
        self::assertSame('ready', $child->line());
        $child->kill();
        self::assertCount(40, $this->waiting());
    }

    /** @test */
    public function aTransactionThatDiesWithItsHitTakesItsRowsAlong(): void
    {
        $code = '\Bitrix\Main\Application::getConnection()->startTransaction(); touched(1); touched(1); die("bye");';
        $this->child($code)->wait();
        self::assertSame([], $this->waiting(), 'the change is not there either');
    }

    /** @test */
    public function twoHitsAtOnceBothWriteAndNeitherWaits(): void
    {
        $code = <<<'PHP'
            $connection = \Bitrix\Main\Application::getConnection();
            $connection->queryExecute('SET SESSION innodb_lock_wait_timeout = 1');
            $connection->startTransaction();
            foreach (range(1, 50) as $id) { touched($id); }
            echo "ready\n";
            fgets(STDIN);
            foreach (range(51, 100) as $id) { touched($id); }
            $connection->commitTransaction();
            PHP;
        $first = $this->child($code);
        $second = $this->child($code);
        self::assertSame(['ready', 'ready'], [$first->line(), $second->line()], 'both are inside of their transactions');
        $first->tell('go on');
        $second->tell('go on');
        self::assertSame(['', ''], [$first->wait()[1], $second->wait()[1]]);

        $rows = array_count_values($this->waiting());
        self::assertCount(100, $rows);
        self::assertSame([2], array_values(array_unique($rows)), 'each hit wrote each of its changes');
    }

    private function child(string $code): Child
    {
        return Child::code($this->site, self::PROLOGUE . $code);
    }
}
