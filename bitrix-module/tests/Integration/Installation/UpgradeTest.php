<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Installation;

use Aligate\Aliexpress\Agent\UpkeepAgent;
use Aligate\Aliexpress\EventHandler\ModuleHandler;
use Aligate\Aliexpress\Installation\AdminFiles;
use Aligate\Aliexpress\Installation\Agents;
use Aligate\Aliexpress\Installation\InstallationFailed;
use Aligate\Aliexpress\Installation\Schema;
use Aligate\Aliexpress\Installation\Subscriptions;
use Aligate\Aliexpress\Installation\Upgrade;
use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Subscription;
use Aligate\Aliexpress\Tests\Integration\InstalledModuleTestCase;
use Bitrix\Main\Application;
use Bitrix\Main\EventManager;
use Bitrix\Main\ModuleManager;

require_once dirname(__DIR__) . '/InstalledModuleTestCase.php';

final class UpgradeTest extends InstalledModuleTestCase
{
    /** @var list<int> */
    private array $ran = [];

    /** @test */
    public function theMissingStepsRunOnceAndInOrder(): void
    {
        (new ModuleOptions())->saveSchemaVersion(1);
        $steps = [3 => $this->step(3), 1 => $this->step(1), 2 => $this->step(2)];
        self::assertTrue($this->upgrade($steps)->run());
        self::assertSame([2, 3], $this->ran);
        self::assertSame(3, (new ModuleOptions())->schemaVersion());

        self::assertTrue($this->upgrade($steps)->run());
        self::assertSame([2, 3], $this->ran);
    }

    /** @test */
    public function aStepThatFailsIsRunAgainAndThoseBeforeItAreNot(): void
    {
        (new ModuleOptions())->saveSchemaVersion(1);
        $fails = static function (): void {
            throw new InstallationFailed('no room');
        };
        try {
            $this->upgrade([2 => $this->step(2), 3 => $fails, 4 => $this->step(4)])->run();
            self::fail('the failure is told');
        } catch (InstallationFailed $error) {
            self::assertSame('no room', $error->getMessage());
        }
        self::assertSame(2, (new ModuleOptions())->schemaVersion());

        $this->upgrade([2 => $this->step(2), 3 => $this->step(3), 4 => $this->step(4)])->run();
        self::assertSame([2, 3, 4], $this->ran);
    }

    /** @test */
    public function twoProcessesDoNotUpgradeAtOnce(): void
    {
        (new ModuleOptions())->saveSchemaVersion(1);
        $name = $this->lockName();
        $holder = $this->site->link();
        self::assertSame('1', $this->ask($holder, "GET_LOCK('$name', 0)"));
        self::assertFalse($this->upgrade([2 => $this->step(2)])->run());
        self::assertSame([], $this->ran);
        self::assertSame('1', $this->ask($holder, "RELEASE_LOCK('$name')"));

        $looks = fn () => self::assertSame('0', $this->ask($holder, "IS_FREE_LOCK('$name')"), 'the lock is held');
        self::assertTrue($this->upgrade([2 => $looks])->run());
        self::assertSame('1', $this->ask($holder, "IS_FREE_LOCK('$name')"));
    }

    /** @test */
    public function theAgentUpgradesWhatAnUpdateOfTheFilesLeftBehind(): void
    {
        (new ModuleOptions())->saveSchemaVersion(0);
        $database = Application::getConnection();
        $database->queryExecute('DROP TABLE b_aligate_aliexpress_log');
        self::assertSame('\\Aligate\\Aliexpress\\Agent\\UpkeepAgent::run();', UpkeepAgent::run());
        self::assertTrue($database->isTableExists('b_aligate_aliexpress_log'));
        self::assertSame($this->upgrade(null)->target(), (new ModuleOptions())->schemaVersion());
    }

    /** @test */
    public function theEventOfAnUpdateUpgradesAtOnce(): void
    {
        foreach ([['aligate.aliexpress'], ['aligate.aliexpress' => '1.1.0'], 'aligate.aliexpress'] as $modules) {
            (new ModuleOptions())->saveSchemaVersion(0);
            ModuleHandler::onModuleUpdate($modules);
            self::assertSame($this->upgrade(null)->target(), (new ModuleOptions())->schemaVersion());
        }
        (new ModuleOptions())->saveSchemaVersion(0);
        ModuleHandler::onModuleUpdate(['other.module']);
        self::assertSame(0, (new ModuleOptions())->schemaVersion());
    }

    /** @test */
    public function anUpdateThatChangesNoTableStillCopiesItsFiles(): void
    {
        $page = "{$this->site->root()}/bitrix/admin/aligate_aliexpress_log.php";
        self::assertFileExists($page);
        unlink($page);
        self::assertTrue($this->upgrade(null)->run());
        self::assertFileDoesNotExist($page, 'this version is installed');
        self::assertTrue($this->upgrade(null, '99.0.0')->run());
        self::assertFileExists($page);
    }

    /** @test */
    public function anUpgradeBringsSubscriptionsAndAgentsOfTheNewVersion(): void
    {
        (new ModuleOptions())->saveSchemaVersion(0);
        $database = Application::getConnection();
        $database->queryExecute(
            "DELETE FROM b_module_to_module WHERE TO_MODULE_ID = 'aligate.aliexpress' AND MESSAGE_ID LIKE 'OnStore%'"
        );
        $database->queryExecute("DELETE FROM b_agent WHERE NAME LIKE '%SweepAgent%'");
        self::assertTrue($this->upgrade(null)->run());

        $sql = "SELECT COUNT(*) FROM b_module_to_module WHERE TO_MODULE_ID = 'aligate.aliexpress'";
        self::assertSame(count(Subscription::all()), (int)$database->queryScalar($sql));
        $sql = "SELECT COUNT(*) FROM b_agent WHERE MODULE_ID = 'aligate.aliexpress'";
        self::assertSame(5, (int)$database->queryScalar($sql));
    }

    private function step(int $version): \Closure
    {
        return function () use ($version): void {
            $this->ran[] = $version;
        };
    }

    /** @param array<int, \Closure(): void>|null $steps */
    private function upgrade(?array $steps, ?string $version = null): Upgrade
    {
        $database = Application::getConnection();

        return new Upgrade(
            $database,
            new ModuleOptions(),
            new Schema($database, dirname(__DIR__, 3) . '/aligate.aliexpress/install/db/mysql'),
            new Subscriptions(EventManager::getInstance(), $database),
            new Agents(),
            new AdminFiles(dirname(__DIR__, 3) . '/aligate.aliexpress', $this->site->root()),
            $version ?? (string)ModuleManager::getVersion(ModuleOptions::MODULE_ID),
            $steps,
        );
    }

    private function ask(\mysqli $link, string $expression): string
    {
        return (string)$link->query("SELECT $expression")->fetch_row()[0];
    }

    /** The kernel makes the database's name of a lock out of the name that it is given. */
    private function lockName(): string
    {
        $method = new \ReflectionMethod(Application::getConnection(), 'getLockName');
        $method->setAccessible(true);

        return (string)$method->invoke(Application::getConnection(), 'aligate.aliexpress.upgrade');
    }
}
