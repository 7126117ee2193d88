<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Installation;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Outbox\IblockFamily;
use Aligate\Aliexpress\Subscription;
use Bitrix\Main\DB\Connection as Database;
use Bitrix\Main\EventManager;

/**
 * Subscriptions whose names depend on the shop: classes that the kernel makes for infoblocks with an API code, and for
 * directories. Run when connections are saved and by the sweep; what is listened to already is left alone.
 */
final class DynamicSubscriptions
{
    private const OPTION = 'dynamic_subscriptions';

    /** Subscriptions of one shop; beyond these, the sweep finds the changes. */
    private const SUBSCRIPTIONS_MAX = 1000;

    public function __construct(
        private readonly Database $database,
        private readonly EventManager $events,
        private readonly ModuleOptions $options,
    ) {
    }

    public function sync(): void
    {
        $wanted = $this->wanted();
        $known = $this->known();
        foreach (array_diff_key($wanted, $known) as $subscription) {
            $subscription->register($this->events);
        }
        foreach (array_diff_key($known, $wanted) as $subscription) {
            $subscription->unregister($this->events);
        }
        if (array_keys($wanted) !== array_keys($known)) {
            $saved = array_map(
                static fn (Subscription $one): array => [$one->module, $one->event, $one->class, $one->method],
                array_values($wanted),
            );
            $this->options->set(self::OPTION, json_encode($saved, JSON_THROW_ON_ERROR));
        }
    }

    /** Takes nothing for registered: the module was removed in between, and its subscriptions with it. */
    public function forget(): void
    {
        $this->options->set(self::OPTION, '[]');
    }

    /** @return array<string, Subscription> by module and event, sorted */
    private function wanted(): array
    {
        $wanted = [];
        $iblocks = $this->iblocks();
        if ($iblocks === '') {
            return [];
        }
        foreach ([...$this->ofApiCodes($iblocks), ...$this->ofDirectories($iblocks)] as $subscription) {
            $wanted["{$subscription->module} {$subscription->event}"] = $subscription;
        }
        ksort($wanted);

        return array_slice($wanted, 0, self::SUBSCRIPTIONS_MAX, true);
    }

    /** @return array<string, Subscription> */
    private function known(): array
    {
        $known = [];
        $saved = json_decode($this->options->text(self::OPTION), true);
        foreach (is_array($saved) ? $saved : [] as $one) {
            if (is_array($one) && count($one) === 4) {
                [$module, $event, $class, $method] = array_map(strval(...), array_values($one));
                $known["$module $event"] = new Subscription($module, $event, $class, $method, false);
            }
        }

        return $known;
    }

    private function iblocks(): string
    {
        $ids = array_merge([], ...array_map(
            static fn (Connection $one): array => $one->iblockIds,
            $this->options->activeConnections(),
        ));

        return implode(',', array_keys((new IblockFamily($this->database))->of(array_values(array_unique($ids)))));
    }

    /** @return list<Subscription> */
    private function ofApiCodes(string $iblocks): array
    {
        $rows = $this->database->query(
            "SELECT ID, API_CODE FROM b_iblock WHERE ID IN ($iblocks) AND API_CODE IS NOT NULL AND API_CODE <> ''"
        );
        $codes = [];
        while ($row = $rows->fetch()) {
            $codes[(int)$row['ID']] = (string)$row['API_CODE'];
        }
        $all = [];
        foreach ($codes as $iblockId => $code) {
            // Values of infoblocks with tables of their own (VERSION 2) are left to the sweep.
            $properties = $this->database->query(
                "SELECT ID FROM b_iblock_property WHERE IBLOCK_ID = $iblockId AND VERSION = 1"
            );
            $ids = [];
            while ($row = $properties->fetch()) {
                $ids[] = (int)$row['ID'];
            }
            array_push($all, ...Subscription::ofApiCode($code, $ids));
        }

        return $all;
    }

    /** @return list<Subscription> */
    private function ofDirectories(string $iblocks): array
    {
        if (!$this->database->isTableExists('b_hlblock_entity')) {
            return [];
        }
        $tables = [];
        $rows = $this->database->query(
            'SELECT USER_TYPE_SETTINGS FROM b_iblock_property'
            . " WHERE IBLOCK_ID IN ($iblocks) AND USER_TYPE = 'directory'"
        );
        while ($row = $rows->fetch()) {
            $saved = @unserialize((string)$row['USER_TYPE_SETTINGS'], ['allowed_classes' => false]);
            if (is_array($saved) && is_string($saved['TABLE_NAME'] ?? null)) {
                $table = $saved['TABLE_NAME'];
                $tables[$table] = "'" . $this->database->getSqlHelper()->forSql($table) . "'";
            }
        }
        if ($tables === []) {
            return [];
        }
        $all = [];
        $entities = $this->database->query(
            'SELECT NAME FROM b_hlblock_entity WHERE TABLE_NAME IN (' . implode(',', $tables) . ')'
        );
        while ($row = $entities->fetch()) {
            array_push($all, ...Subscription::ofDirectory((string)$row['NAME']));
        }

        return $all;
    }
}
