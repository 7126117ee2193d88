<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Sending;

use Aligate\Aliexpress\Installation\Installer;
use Aligate\Aliexpress\Notice\Watch;
use Aligate\Aliexpress\Page\RestorationView;
use Aligate\Aliexpress\Sending\Restoration;
use Aligate\Aliexpress\Tests\Integration\InstalledModuleTestCase;
use Bitrix\Main\Localization\Loc;

require_once dirname(__DIR__) . '/InstalledModuleTestCase.php';

/** What people see of a restored shop, and how they decide. */
final class RestoredNoticeTest extends InstalledModuleTestCase
{
    /** @test */
    public function aRestoredShopIsAnnouncedUntilSomebodyConfirms(): void
    {
        $connection = $this->connect();
        // A class says where its phrases are when it is loaded, which may have been in an earlier hit of this process.
        foreach ([Watch::class, RestorationView::class] as $class) {
            Loc::loadMessages((string)(new \ReflectionClass($class))->getFileName());
        }
        $restoration = $this->service('restoration', Restoration::class);
        self::assertSame('', RestorationView::html($connection->id, $restoration->noticedAt($connection->id), true, ''));

        $this->states()->set($connection->id, 'restored_at', '1763892000');
        $this->service('watch', Watch::class)->run();
        self::assertContains("aligate_aliexpress_{$connection->id}_restored", $this->notices());
        $html = RestorationView::html($connection->id, $restoration->noticedAt($connection->id), true, '<i>sessid</i>');
        self::assertStringContainsString('name="confirm_restored"', $html);
        self::assertStringContainsString('<i>sessid</i>', $html);
        self::assertStringContainsString('2025-11-23 10:00 UTC', $html);
        self::assertStringNotContainsString('<form', RestorationView::html($connection->id, 1763892000, false, ''));

        $restoration->confirm($connection->id);
        $this->service('watch', Watch::class)->run();
        self::assertNotContains("aligate_aliexpress_{$connection->id}_restored", $this->notices());
    }

    /** @test */
    public function aFullRemovalTakesTheMarkersAway(): void
    {
        $connection = $this->connect();
        $this->service('restoration', Restoration::class)->issued($connection->id, 7);
        $file = $this->site->root() . "/upload/aligate.aliexpress/connection-{$connection->id}.json";
        self::assertFileExists($file);
        $installer = Installer::ofShop($this->site->root() . '/local/modules/aligate.aliexpress');
        $installer->uninstallDatabase(true);
        self::assertFileExists($file, 'data are kept');
        $installer->uninstallDatabase(false);
        self::assertDirectoryDoesNotExist(dirname($file));
    }

    /** @return list<string> tags of the notices that are shown */
    private function notices(): array
    {
        $tags = [];
        $rows = \CAdminNotify::GetList([], ['MODULE_ID' => 'aligate.aliexpress']);
        while ($row = $rows->Fetch()) {
            $tags[] = $row['TAG'];
        }

        return $tags;
    }
}
