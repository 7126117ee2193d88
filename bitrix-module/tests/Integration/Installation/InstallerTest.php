<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Installation;

use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Outbox\Cause;
use Aligate\Aliexpress\Outbox\Kind;
use Aligate\Aliexpress\Outbox\OutboxRepository;
use Aligate\Aliexpress\Sending\Senders;
use Aligate\Aliexpress\Subscription;
use Aligate\Aliexpress\Tests\FakeKernel\KernelTestCase;
use Bitrix\Main\Application;
use Bitrix\Main\Config\Option;
use Bitrix\Main\ModuleManager;

require_once dirname(__DIR__, 2) . '/kernel/bootstrap.php';

final class InstallerTest extends KernelTestCase
{
    private const MODULE = 'aligate.aliexpress';

    protected function setUp(): void
    {
        parent::setUp();
        DeleteDirFilesEx('/bitrix/js/aligate.aliexpress');
    }

    /** @test */
    public function installationBringsTablesSubscriptionsAgentsFilesAndRights(): void
    {
        self::assertTrue($this->module()->DoInstall());

        self::assertSame(
            ['log', 'order', 'outbox', 'sent', 'state'],
            $this->column("SELECT REPLACE(TABLE_NAME, 'b_aligate_aliexpress_', '') FROM information_schema.TABLES"
                . " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME LIKE 'b\\_aligate%' ORDER BY 1"),
        );
        self::assertCount(count(Subscription::all()), $this->subscriptions());
        self::assertSame(
            ['CleanOutboxAgent', 'SendOutboxAgent', 'SweepAgent', 'UpkeepAgent', 'WatchAgent'],
            $this->column("SELECT REPLACE(REPLACE(NAME, '\\\\Aligate\\\\Aliexpress\\\\Agent\\\\', ''), '::run();', '') FROM b_agent"
                . " WHERE MODULE_ID = 'aligate.aliexpress' AND ACTIVE = 'Y' AND IS_PERIOD = 'N' ORDER BY 1"),
        );
        foreach ($this->adminPages() as $page) {
            self::assertFileExists("{$this->site->root()}/bitrix/admin/$page");
        }
        self::assertFileExists("{$this->site->root()}/bitrix/js/aligate.aliexpress/admin.js");
        self::assertSame(['D', 'R', 'W'], $this->module()->GetModuleRightList()['reference_id']);
        self::assertTrue(ModuleManager::isModuleInstalled(self::MODULE));
    }

    /** @test */
    public function installingTwiceInARowChangesNothing(): void
    {
        self::assertTrue($this->module()->DoInstall());
        (new OutboxRepository(Application::getConnection()))->append(1, Kind::Stock, [5], Cause::Edit);
        $before = $this->traces();
        $this->nextHit();
        self::assertTrue($this->module()->DoInstall());
        self::assertSame($before, $this->traces());
        self::assertSame(['5'], $this->column('SELECT ENTITY_ID FROM b_aligate_aliexpress_outbox'));
    }

    /** @test */
    public function afterAFullRemovalNothingIsLeftAndRemovingTwiceIsHarmless(): void
    {
        $before = $this->traces();
        $files = $this->files();
        self::assertTrue($this->module()->DoInstall());
        (new ModuleOptions())->saveConnections([\Aligate\Aliexpress\Connection::fromArray(['id' => 1, 'iblock_ids' => [1]])]);
        Option::set(self::MODULE, 'GROUP_DEFAULT_RIGHT', 'R');
        \CAdminNotify::Add(['MESSAGE' => 'stuck', 'TAG' => 'aligate', 'MODULE_ID' => self::MODULE]);
        Senders::marker()->write(1, 'installation', 5);
        self::assertDirectoryExists("{$this->site->root()}/upload/aligate.aliexpress");
        self::assertNotSame($before, $this->traces());

        foreach ([1, 2] as $time) {
            $this->nextHit();
            $this->answer(['step' => '2']);
            self::assertTrue($this->module()->DoUninstall(), "removal $time");
            self::assertSame($before, $this->traces(), "removal $time");
            self::assertSame($files, $this->files(), "removal $time");
            self::assertDirectoryDoesNotExist("{$this->site->root()}/upload/aligate.aliexpress");
        }
    }

    /** @test */
    public function whoKeepsTheDataFindsThemAfterTheNextInstallation(): void
    {
        $this->module()->DoInstall();
        (new ModuleOptions())->saveConnections([\Aligate\Aliexpress\Connection::fromArray(['id' => 3, 'shop_id' => 'kept'])]);
        (new OutboxRepository(Application::getConnection()))->append(3, Kind::Stock, [5], Cause::Edit);
        $this->nextHit();
        $this->answer(['step' => '2', 'savedata' => 'Y']);
        self::assertTrue($this->module()->DoUninstall());
        self::assertSame([], $this->subscriptions(), 'a removed module listens to nothing');
        self::assertSame([], $this->column("SELECT NAME FROM b_agent WHERE MODULE_ID = 'aligate.aliexpress'"));

        $this->nextHit();
        self::assertTrue($this->module()->DoInstall());
        self::assertSame('kept', (new ModuleOptions())->connection(3)?->shopId);
        self::assertSame(['5'], $this->column('SELECT ENTITY_ID FROM b_aligate_aliexpress_outbox'));
        self::assertCount(count(Subscription::all()), $this->subscriptions());
    }

    /** @test */
    public function whereNobodyWasAskedTheDataAreKept(): void
    {
        $this->module()->DoInstall();
        $this->nextHit();
        self::assertTrue($this->module()->DoUninstall());
        self::assertTrue(Application::getConnection()->isTableExists('b_aligate_aliexpress_outbox'));
    }

    /** @test */
    public function aMissingModuleIsNamedAndNothingIsInstalled(): void
    {
        Application::getConnection()->queryExecute("DELETE FROM b_module WHERE ID = 'sale'");
        $this->nextHit();
        $before = $this->traces();
        self::assertFalse($this->module()->DoInstall());
        $error = $GLOBALS['APPLICATION']->GetException();
        self::assertStringContainsString('"sale"', $error->GetString());
        self::assertSame($before, $this->traces());
    }

    private function module(): \CModule
    {
        $module = \CModule::CreateModuleObject(self::MODULE);
        self::assertInstanceOf(\CModule::class, $module);

        return $module;
    }

    /** @param array<string, string> $request what the form of the removal sends */
    private function answer(array $request): void
    {
        \Aligate\Aliexpress\Tests\FakeKernel\Hit::start([], $request);
    }

    /** @return list<string> what a module leaves in the kernel's tables, and tables of its own */
    private function traces(): array
    {
        return $this->column(
            "SELECT CONCAT_WS(' ', 'event', FROM_MODULE_ID, MESSAGE_ID, TO_CLASS, TO_METHOD) FROM b_module_to_module"
            . " WHERE TO_MODULE_ID LIKE 'aligate%' UNION ALL SELECT CONCAT_WS(' ', 'agent', NAME) FROM b_agent WHERE MODULE_ID LIKE 'aligate%'"
            . " UNION ALL SELECT CONCAT_WS(' ', 'option', NAME, VALUE) FROM b_option WHERE MODULE_ID LIKE 'aligate%'"
            . " UNION ALL SELECT CONCAT_WS(' ', 'notice', TAG) FROM b_admin_notify WHERE MODULE_ID LIKE 'aligate%'"
            . " UNION ALL SELECT CONCAT_WS(' ', 'right', GROUP_ID) FROM b_module_group WHERE MODULE_ID LIKE 'aligate%'"
            . " UNION ALL SELECT CONCAT_WS(' ', 'module', ID) FROM b_module WHERE ID LIKE 'aligate%'"
            . ' UNION ALL SELECT CONCAT_WS(\' \', \'table\', TABLE_NAME) FROM information_schema.TABLES'
            . " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME LIKE '%aligate%' ORDER BY 1"
        );
    }

    /** @return list<string> */
    private function files(): array
    {
        $files = [];
        $all = new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator("{$this->site->root()}/bitrix"));
        foreach ($all as $file) {
            if ($file->isFile() && !str_contains($file->getPathname(), '/modules/')) {
                $files[] = $file->getPathname();
            }
        }
        sort($files);

        return $files;
    }

    /** @return list<string> */
    private function adminPages(): array
    {
        $pages = array_map(basename(...), glob(dirname(__DIR__, 3) . '/aligate.aliexpress/install/admin/*.php') ?: []);
        self::assertNotSame([], $pages);

        return $pages;
    }

    /** @return list<string> */
    private function subscriptions(): array
    {
        return $this->column("SELECT MESSAGE_ID FROM b_module_to_module WHERE TO_MODULE_ID = 'aligate.aliexpress'");
    }

    /** @return list<string> */
    private function column(string $sql): array
    {
        $rows = Application::getConnection()->query($sql);
        $values = [];
        while ($row = $rows->fetch()) {
            $values[] = (string)reset($row);
        }

        return $values;
    }
}
