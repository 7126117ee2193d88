<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\FakeKernel;

use PHPUnit\Framework\TestCase;

// Within PHPUnit a hit that ends must not end the process.
defined('ALIGATE_FAKE_KERNEL_IN_PHPUNIT') || define('ALIGATE_FAKE_KERNEL_IN_PHPUNIT', true);
require_once dirname(__DIR__) . '/bootstrap.php';

/** A test on the fake kernel: each begins with a freshly installed site, without the module. */
abstract class KernelTestCase extends TestCase
{
    protected Site $site;

    protected function setUp(): void
    {
        $this->site = Site::boot();
        $this->site->fresh();
    }

    /** Installs the module through its own installer, as the page of modules does. */
    protected function installModule(): void
    {
        $module = \CModule::CreateModuleObject(Site::MODULE_ID);
        self::assertInstanceOf(\CModule::class, $module, 'the module has an installer');
        $_REQUEST['step'] = '2';
        $module->DoInstall();
        self::assertTrue(\Bitrix\Main\Loader::includeModule(Site::MODULE_ID), 'the module is installed');
    }

    /** The next hit; what the module and the kernel kept in memory is gone. */
    protected function nextHit(): void
    {
        Hit::start();
    }
}
