<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Kernel;

use Aligate\Aliexpress\Tests\FakeKernel\Hit;
use Aligate\Aliexpress\Tests\FakeKernel\KernelTestCase;
use Bitrix\Main\Application;
use Bitrix\Main\Config\Option;

/** Jobs, agents, options and the connection. */
final class ApplicationTest extends KernelTestCase
{
    /** @var list<string> */
    public static array $done = [];

    protected function setUp(): void
    {
        parent::setUp();
        self::$done = [];
    }

    public static function agent(string $next): string
    {
        self::$done[] = 'agent of ' . (is_object($GLOBALS['USER']) ? 'a user' : 'nobody');
        return $next;
    }

    /** @test */
    public function jobsRunAfterThePageInTheOrderOfTheirPriority(): void
    {
        $application = Application::getInstance();
        $application->addBackgroundJob(static fn () => self::$done[] = 'low', [], Application::JOB_PRIORITY_LOW);
        $application->addBackgroundJob(static fn () => self::$done[] = 'normal');
        $application->addBackgroundJob(static fn () => $application->addBackgroundJob(static fn () => self::$done[] = 'of a job', [], 60));
        self::assertSame([], self::$done);
        Hit::end();
        self::assertSame(['normal', 'of a job', 'low'], self::$done);
    }

    /** @test */
    public function jobsAreLostWhereTheScriptDies(): void
    {
        Application::getInstance()->addBackgroundJob(static fn () => self::$done[] = 'never');
        Hit::die();
        Hit::end();
        self::assertSame([], self::$done);
    }

    /** @test */
    public function anAgentRunsWithoutAUserAndIsDroppedWhenItReturnsNothing(): void
    {
        $name = '\\' . self::class . "::agent('');";
        \CAgent::AddAgent($name, 'main', 'N', 60);
        Hit::end();
        self::assertSame(['agent of nobody'], self::$done);
        self::assertFalse(\CAgent::GetList()->Fetch());
    }

    /** @test */
    public function anAgentThatThrowsStaysAndTheOthersGoOn(): void
    {
        \CAgent::AddAgent('throw new \LogicException("broken");', 'main', 'N', 60, '', 'Y', '', 200);
        \CAgent::AddAgent('\\' . self::class . "::agent('again();');", 'main', 'N', 60);
        \CAgent::CheckAgents();
        self::assertSame('broken', \Aligate\Aliexpress\Tests\FakeKernel\ErrorLog::all()[0]->getMessage());
        self::assertCount(1, self::$done);
        $broken = \CAgent::GetList([], ['RUNNING' => 'Y'])->Fetch();
        self::assertSame('1', $broken['RETRY_COUNT']);
        self::assertNotNull($broken['DATE_CHECK']);
    }

    /** @test */
    public function aNestedRollbackThrows(): void
    {
        $connection = Application::getConnection();
        $connection->startTransaction();
        $connection->startTransaction();
        try {
            $connection->rollbackTransaction();
            self::fail('the kernel throws here');
        } catch (\Bitrix\Main\DB\TransactionException $refusal) {
            self::assertStringContainsString('Nested rollbacks are unsupported', $refusal->getMessage());
        }
        $connection->rollbackTransaction();
    }

    /** @test */
    public function aTakenKeyIsAnExceptionOfItsOwn(): void
    {
        $this->expectException(\Bitrix\Main\DB\DuplicateEntryException::class);
        Application::getConnection()->queryExecute("INSERT INTO b_module (ID) VALUES ('main')");
    }

    /** @test */
    public function aLockIsSeenByAnotherConnection(): void
    {
        $connection = Application::getConnection();
        self::assertTrue($connection->lock('drain'));
        $other = new \Bitrix\Main\DB\MysqliConnection($connection->getConfiguration());
        self::assertFalse($other->lock('drain'));
        $connection->unlock('drain');
        self::assertTrue($other->lock('drain'));
    }

    /** @test */
    public function rowsAreStringsAndDatesAreObjects(): void
    {
        $row = Application::getConnection()->query("SELECT 5 AS N, NULL AS NOTHING, CAST('2026-01-02 03:04:05' AS DATETIME) AS AT")->fetch();
        self::assertSame('5', $row['N']);
        self::assertNull($row['NOTHING']);
        self::assertSame('2026-01-02 03:04:05', $row['AT']->format('Y-m-d H:i:s'));
    }

    /** @test */
    public function anOptionIsAStringAndItsDefaultIsTheModulesOwn(): void
    {
        Option::set('main', 'count', 5);
        self::assertSame('5', Option::get('main', 'count'));
        self::assertSame('given', Option::get('main', 'unknown', 'given'));
        self::assertNull(Option::getRealValue('main', 'unknown'));
        Option::delete('main', ['name' => 'count']);
        self::assertSame('', Option::get('main', 'count'));
    }
}
