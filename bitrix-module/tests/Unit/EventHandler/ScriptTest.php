<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Unit\EventHandler;

use Aligate\Aliexpress\EventHandler\Script;
use PHPUnit\Framework\TestCase;

final class ScriptTest extends TestCase
{
    /** @test */
    public function aHitThatLoadsACatalogueBelongsToTheExchange(): void
    {
        $server = ['SCRIPT_NAME' => '/bitrix/admin/1c_exchange.php'];
        self::assertTrue(Script::isExchange($server, ['type' => 'catalog', 'mode' => 'import']));
        self::assertTrue(Script::isExchange($server, ['type' => 'reference']));
        self::assertTrue(Script::isExchange(['SCRIPT_NAME' => '/bitrix/admin/iblock_xml_import.php'], []));
    }

    /** @test */
    public function otherHitsDoNot(): void
    {
        $server = ['SCRIPT_NAME' => '/bitrix/admin/1c_exchange.php'];
        self::assertFalse(Script::isExchange($server, ['type' => 'sale']), 'orders change as they always do');
        self::assertFalse(Script::isExchange(['SCRIPT_NAME' => '/bitrix/admin/iblock_element_edit.php'], ['type' => 'catalog']));
        self::assertFalse(Script::isExchange([], []));
    }
}
