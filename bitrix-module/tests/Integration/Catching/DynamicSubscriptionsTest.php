<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Catching;

use Aligate\Aliexpress\Installation\DynamicSubscriptions;
use Aligate\Aliexpress\ModuleOptions;
use Bitrix\Main\Application;

require_once __DIR__ . '/CatchingTestCase.php';

/** Classes that the kernel makes for a shop's own infoblocks and directories. */
final class DynamicSubscriptionsTest extends CatchingTestCase
{
    protected function setUp(): void
    {
        parent::setUp();
        $this->insert('b_iblock_property', [
            'ID' => 21, 'IBLOCK_ID' => 2, 'NAME' => 'Colour', 'CODE' => 'COLOR', 'PROPERTY_TYPE' => 'S', 'USER_TYPE' => 'directory',
            'USER_TYPE_SETTINGS' => serialize(['TABLE_NAME' => 'b_hl_colours']),
        ]);
        $this->insert('b_hlblock_entity', ['ID' => 1, 'NAME' => 'Colours', 'TABLE_NAME' => 'b_hl_colours']);
        Application::getConnection()->queryExecute("UPDATE b_iblock SET API_CODE = 'goods' WHERE ID = 2");
    }

    /** @test */
    public function savingTheSettingsListensToTheClassesOfTheChosenInfoblocks(): void
    {
        self::assertSame([], $this->dynamic());
        $this->connect(['id' => 1, 'iblock_ids' => [self::GOODS], 'name' => 'saved again']);
        self::assertSame([
            ' \\Colours::OnAfterAdd', ' \\Colours::OnAfterDelete', ' \\Colours::OnAfterUpdate',
            'iblock \\Bitrix\\Iblock\\Elements\\ElementGoods::OnAfterAdd',
            'iblock \\Bitrix\\Iblock\\Elements\\ElementGoods::OnAfterDelete',
            'iblock \\Bitrix\\Iblock\\Elements\\ElementGoods::OnAfterUpdate',
            'iblock \\Bitrix\\Iblock\\Elements\\IblockProperty21::OnAfterAdd',
            'iblock \\Bitrix\\Iblock\\Elements\\IblockProperty21::OnAfterDelete',
            'iblock \\Bitrix\\Iblock\\Elements\\IblockProperty21::OnAfterUpdate',
            'iblock \\Bitrix\\Iblock\\Elements\\IblockProperty21::OnDelete',
        ], $this->dynamic());

        $this->connect(['id' => 1, 'iblock_ids' => [self::OTHER_GOODS]]);
        self::assertSame([], $this->dynamic(), 'others are let go');
    }

    /** @test */
    public function anElementWrittenThroughItsOwnClassIsCaught(): void
    {
        $this->sync();
        $this->nextHit();
        $this->send('iblock', '\\Bitrix\\Iblock\\Elements\\ElementGoods::OnAfterUpdate', [
            'id' => ['ID' => 11], 'primary' => ['ID' => 11], 'fields' => ['NAME' => 'x'],
        ]);
        self::assertSame(['1 P 11 edit', '1 S 11 edit'], $this->changes());
    }

    /** @test */
    public function aPropertyWrittenThroughItsOwnClassIsCaughtAlsoWhenItIsDeleted(): void
    {
        $this->sync();
        foreach ([15 => 11, 16 => 12] as $row => $element) {
            $this->insert('b_iblock_element_property', [
                'ID' => $row, 'IBLOCK_PROPERTY_ID' => 21, 'IBLOCK_ELEMENT_ID' => $element, 'VALUE' => 'x',
            ]);
        }
        $this->nextHit();
        $class = '\\Bitrix\\Iblock\\Elements\\IblockProperty21';
        $this->send('iblock', "$class::OnAfterUpdate", ['id' => ['ID' => 15], 'primary' => ['ID' => 15], 'fields' => ['VALUE' => 'y']]);
        self::assertSame(['1 P 11 edit', '1 S 11 edit'], $this->changes());

        $this->send('iblock', "$class::OnDelete", ['id' => ['ID' => 16], 'primary' => ['ID' => 16]]);
        Application::getConnection()->queryExecute('DELETE FROM b_iblock_element_property WHERE ID = 16');
        $this->send('iblock', "$class::OnAfterDelete", ['id' => ['ID' => 16], 'primary' => ['ID' => 16]]);
        self::assertSame(['1 P 11 edit', '1 P 12 edit', '1 S 11 edit', '1 S 12 edit'], $this->changes());
    }

    /** @test */
    public function aValueOfADirectoryMarksTheDefinitionsOfTheGoods(): void
    {
        $this->sync();
        $this->nextHit();
        $this->send('', '\\Colours::OnAfterUpdate', ['id' => ['ID' => 1], 'primary' => ['ID' => 1], 'fields' => ['UF_NAME' => 'x']]);
        self::assertSame(['1 D 2 edit', '1 D 3 edit'], $this->changes());
    }

    /** @test */
    public function aShopWithManyPropertiesIsListenedToUpToALimit(): void
    {
        $values = implode(',', array_map(static fn (int $id): string => "($id, 2, 'P', 'P$id', 'S')", range(1000, 1400)));
        Application::getConnection()->queryExecute(
            "INSERT INTO b_iblock_property (ID, IBLOCK_ID, NAME, CODE, PROPERTY_TYPE) VALUES $values"
        );
        $this->sync();
        self::assertCount(1000, $this->dynamic());
        $this->sync();
        self::assertCount(1000, $this->dynamic());
    }

    private function sync(): void
    {
        $this->service('subscriptions', DynamicSubscriptions::class)->sync();
    }

    /** @return list<string> module and event, sorted */
    private function dynamic(): array
    {
        $rows = Application::getConnection()->query(
            "SELECT CONCAT(FROM_MODULE_ID, ' ', MESSAGE_ID) AS EVENT FROM b_module_to_module WHERE TO_MODULE_ID = '"
            . ModuleOptions::MODULE_ID . "' AND (FROM_MODULE_ID = '' OR MESSAGE_ID LIKE '%Iblock_Elements%') ORDER BY 1"
        );
        $events = [];
        while ($row = $rows->fetch()) {
            $events[] = (string)$row['EVENT'];
        }
        sort($events);

        return $events;
    }
}
