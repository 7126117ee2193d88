<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Outbox;

use Aligate\Aliexpress\Outbox\Cause;
use Aligate\Aliexpress\Outbox\Deadlock;
use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Outbox\Touches;
use Aligate\Aliexpress\Tests\Integration\InstalledModuleTestCase;
use Bitrix\Main\Application;
use Bitrix\Main\DB\SqlQueryException;

require_once dirname(__DIR__) . '/InstalledModuleTestCase.php';

final class TouchesTest extends InstalledModuleTestCase
{
    /** @var list<\Throwable> */
    private array $logged = [];

    /** @var list<\Closure(): void> */
    private array $atShutdown = [];

    private Touches $touches;
    private int $began = 0;
    private int $now = 1000;

    protected function setUp(): void
    {
        parent::setUp();
        $this->logged = [];
        $this->atShutdown = [];
        $database = Application::getConnection();
        $this->touches = new Touches(
            $this->outbox(),
            static fn (): array => [1, 2],
            static fn (\Throwable $error): bool => Deadlock::endedTransaction($error, $database),
            function (\Throwable $error): void {
                $this->logged[] = $error;
            },
            function (\Closure $callback): void {
                $this->atShutdown[] = $callback;
            },
            function (): void {
                $this->began++;
            },
            fn (): int => $this->now,
        );
    }

    /** @test */
    public function theFirstTouchIsWrittenAtOnceForEveryConnection(): void
    {
        $this->touches->touch(Kind::Stock, 5, Cause::Edit);
        self::assertSame(['1 S 5 edit', '2 S 5 edit'], $this->waiting());
    }

    /** @test */
    public function laterTouchesAreWrittenAgainTogetherAtShutdown(): void
    {
        for ($i = 0; $i < 3; $i++) {
            $this->touches->touch(Kind::Stock, 5, Cause::Edit, [1]);
            $this->touches->touch(Kind::Price, 5, Cause::Edit, [1]);
        }
        self::assertSame(['1 S 5 edit', '1 R 5 edit'], $this->waiting());

        self::assertCount(1, $this->atShutdown, 'it asks to be called once');
        self::assertSame(1, $this->began);
        ($this->atShutdown[0])();
        self::assertSame(['1 S 5 edit', '1 R 5 edit', '1 S 5 edit', '1 R 5 edit'], $this->waiting());
        ($this->atShutdown[0])();
        self::assertCount(4, $this->waiting(), 'nothing is left to write');
    }

    /** @test */
    public function atFiveHundredKeysTheLaterTouchesAreWrittenWithoutWaitingForShutdown(): void
    {
        foreach ([1, 2] as $round) {
            foreach (range(1, Touches::LATER_MAX) as $id) {
                $this->touches->touch(Kind::Stock, $id, Cause::Exchange, [1]);
                if ($round === 2 && $id === Touches::LATER_MAX - 1) {
                    self::assertCount(Touches::LATER_MAX, $this->waiting());
                }
            }
        }
        self::assertCount(2 * Touches::LATER_MAX, $this->waiting());
    }

    /** @test */
    public function aProcessThatLivesOnWritesAKeyAtOnceAgainAfterAWhile(): void
    {
        $touch = fn () => $this->touches->touch(Kind::Stock, 5, Cause::Edit, [1]);
        $touch();
        $this->now += 4;
        $touch();
        self::assertCount(1, $this->waiting(), 'remembered');
        $this->now += 1;
        $touch();
        self::assertCount(2, $this->waiting(), 'written, what was remembered with it');
        $this->touches->flush();
        self::assertCount(2, $this->waiting());
    }

    /** @test */
    public function theMoreUrgentCauseOfLaterTouchesHolds(): void
    {
        foreach ([Cause::Exchange, Cause::Exchange, Cause::Order, Cause::Edit] as $cause) {
            $this->touches->touch(Kind::Stock, 5, $cause, [1]);
        }
        $this->touches->flush();
        self::assertSame(['1 S 5 exchange', '1 S 5 order'], $this->waiting());
    }

    /** @test */
    public function aWriteThatFailsNeitherReachesTheShopNorIsLost(): void
    {
        $database = Application::getConnection();
        $database->queryExecute('RENAME TABLE b_aligate_aliexpress_outbox TO away');
        $this->touches->touch(Kind::Stock, 5, Cause::Edit, [1]);
        $this->touches->touch(Kind::Stock, 6, Cause::Edit, [1]);
        self::assertCount(2, $this->logged);

        $database->queryExecute('RENAME TABLE away TO b_aligate_aliexpress_outbox');
        ($this->atShutdown[0])();
        self::assertSame(['1 S 5 edit', '1 S 6 edit'], $this->waiting());
    }

    /** @test */
    public function aLockThatIsNotGivenInTimeIsNoReasonForTheShopToFail(): void
    {
        $other = $this->site->link();
        $other->query('START TRANSACTION');
        $other->query('SELECT * FROM b_aligate_aliexpress_outbox FOR UPDATE');
        Application::getConnection()->queryExecute('SET SESSION innodb_lock_wait_timeout = 1');
        $this->touches->touch(Kind::Stock, 5, Cause::Edit, [1]);
        self::assertCount(1, $this->logged);

        $other->query('ROLLBACK');
        $this->touches->flush();
        self::assertSame(['1 S 5 edit'], $this->waiting());
    }

    /** @test */
    public function noHitWaitsForTheOpenTransactionOfAnother(): void
    {
        Application::getConnection()->queryExecute('SET SESSION innodb_lock_wait_timeout = 1');
        $other = $this->site->link();
        $other->query('START TRANSACTION');
        $other->query(
            'INSERT INTO b_aligate_aliexpress_outbox (CONNECTION_ID, KIND, ENTITY_ID, CAUSE, HIT)'
            . " VALUES (1, 'S', 5, 'edit', 'other'), (1, 'S', 6, 'edit', 'other')"
        );
        foreach (range(1, 20) as $id) {
            $this->touches->touch(Kind::Stock, $id, Cause::Edit, [1]);
        }
        self::assertSame([], $this->logged);
        self::assertCount(20, $this->waiting());
        $other->query('COMMIT');
        self::assertCount(22, $this->waiting());
    }

    /** @test */
    public function insideATransactionOfTheShopARowAppearsAndVanishesWithTheChange(): void
    {
        $database = Application::getConnection();
        $other = $this->site->link();
        $database->startTransaction();
        $this->touches->touch(Kind::Stock, 5, Cause::Edit, [1]);
        self::assertSame('0', $this->seenBy($other), 'nobody sees the row before the change');
        $database->commitTransaction();
        self::assertSame('1', $this->seenBy($other));

        $database->startTransaction();
        $this->touches->touch(Kind::Stock, 6, Cause::Edit, [1]);
        $database->rollbackTransaction();
        self::assertSame('1', $this->seenBy($other));

        $this->touches->touch(Kind::Stock, 6, Cause::Edit, [1]);
        ($this->atShutdown[0])();
        self::assertSame('2', $this->seenBy($other), 'a change after the rollback is not lost');
    }

    /** @test */
    public function aDeadlockThatEndedTheShopsTransactionReachesTheShop(): void
    {
        $database = Application::getConnection();
        $database->queryExecute('CREATE TABLE goods (ID int PRIMARY KEY, AMOUNT int) ENGINE=InnoDB');
        foreach (range(1, 200) as $id) {
            $database->queryExecute("INSERT INTO goods VALUES ($id, 0)");
        }
        $other = $this->site->link();
        $other->query('START TRANSACTION');
        // The one that changed more rows survives.
        $other->query('UPDATE goods SET AMOUNT = 1 WHERE ID > 1');
        $other->query('SELECT * FROM b_aligate_aliexpress_outbox FOR UPDATE');
        $database->startTransaction();
        $database->queryExecute('UPDATE goods SET AMOUNT = 2 WHERE ID = 1');
        $other->query('UPDATE goods SET AMOUNT = 1 WHERE ID = 1', MYSQLI_ASYNC);
        $this->awaitLockWait();

        $thrown = null;
        try {
            $this->touches->touch(Kind::Stock, 5, Cause::Edit, [1]);
        } catch (\Throwable $error) {
            $thrown = $error;
        }
        $database->rollbackTransaction();
        $other->reap_async_query();
        $other->query('ROLLBACK');
        self::assertInstanceOf(SqlQueryException::class, $thrown);
        self::assertStringContainsString('1213', $thrown->getDatabaseMessage());

        $this->touches->touch(Kind::Stock, 5, Cause::Edit, [1]);
        self::assertSame(['1 S 5 edit'], $this->waiting(), 'when the shop tries again, it is a first touch');
    }

    /** @test */
    public function aDeadlockOutsideOfATransactionStaysInTheModule(): void
    {
        $deadlock = new SqlQueryException('Mysql query error', '(1213) Deadlock found when trying to get lock', 'INSERT');
        $database = Application::getConnection();
        self::assertFalse(Deadlock::endedTransaction($deadlock, $database));
        $database->startTransaction();
        self::assertTrue(Deadlock::endedTransaction($deadlock, $database));
        $timeout = new SqlQueryException('Mysql query error', '(1205) Lock wait timeout exceeded', 'INSERT');
        self::assertFalse(Deadlock::endedTransaction($timeout, $database), 'only the statement was rolled back');
        self::assertFalse(Deadlock::endedTransaction(new \RuntimeException('(1213)'), $database));
        $database->rollbackTransaction();
    }

    protected function tearDown(): void
    {
        // A test that failed inside of a transaction would hold the next one up.
        Application::getConnection()->disconnect();
        parent::tearDown();
    }

    private function seenBy(\mysqli $link): string
    {
        return (string)$link->query('SELECT COUNT(*) FROM b_aligate_aliexpress_outbox')->fetch_row()[0];
    }

    /** Until the other connection waits for our lock. */
    private function awaitLockWait(): void
    {
        $watcher = $this->site->link();
        $deadline = microtime(true) + 10;
        do {
            // Not INNODB_TRX: its rows are cached for as long as somebody asks for them all the time.
            $status = (string)$watcher->query('SHOW ENGINE INNODB STATUS')->fetch_assoc()['Status'];
            $waits = substr_count((string)strstr($status, "\nTRANSACTIONS\n"), 'LOCK WAIT');
        } while ($waits === 0 && microtime(true) < $deadline);
        self::assertSame(1, $waits);
    }
}
