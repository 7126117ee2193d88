<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\FakeKernel;

use Bitrix\Catalog\Product\Sku;
use Bitrix\Main\Application;
use Bitrix\Main\Loader;

/**
 * What `/bitrix/admin/1c_exchange.php?type=catalog` does in one request: a step of a file, then `die`.
 *
 * The steps and their events are those of a running kernel (`ExchangeEventsTest` replays them). What is less than the kernel: the
 * file itself stands for the temporary table, a file of the site for 1C's session, a number of nodes for the time of a step.
 * Modes `deactivate` and `complete` were not observed; they follow the kernel's description.
 */
final class Exchange
{
    /** As the kernel hands them to handlers; settings of the page of 1C. */
    private const PARAMETERS = ['IBLOCK_TYPE' => 'catalog', 'SITE_LIST' => ['s1'], 'INTERVAL' => 0, 'ELEMENT_ACTION' => 'A', 'SECTION_ACTION' => 'A',
        'USE_CRC' => true, 'USE_OFFERS' => true, 'TRANSLIT_ON_ADD' => true, 'TRANSLIT_ON_UPDATE' => true];
    private const FRESH = ['file' => '', 'step' => 1, 'at' => 0, 'iblock' => 0, 'parent' => 0, 'isOffers' => false, 'isFull' => true, 'done' => []];

    /** @var array<string, mixed> */
    private array $state;

    /**
     * @param array<string, mixed> $parameters what the shop set otherwise
     * @param int $nodesOfAStep products or offers that a step manages in its time; 0 where the shop set no interval: all
     */
    public function __construct(private readonly Site $site, private readonly array $parameters = [], private readonly int $nodesOfAStep = 0)
    {
        array_map(Loader::includeModule(...), ['iblock', 'catalog', 'currency', 'sale']);
        $this->state = is_file($this->stateFile())
            ? json_decode((string)file_get_contents($this->stateFile()), true, 8, JSON_THROW_ON_ERROR)
            : self::FRESH + ['iblocks' => [], 'began' => null];
    }

    /** @return string what 1C is answered: `progress`, `success` or `failure`, and a line of explanation */
    public function answer(string $mode, string $file = ''): string
    {
        global $APPLICATION;
        $APPLICATION->RestartBuffer();
        $answer = match ($mode) {
            'import' => $this->step($file),
            'deactivate' => $this->deactivate(),
            'complete' => $this->complete(),
            default => throw new \LogicException("mode $mode is not faked"),
        };
        is_dir(dirname($this->stateFile())) || mkdir(dirname($this->stateFile()), 0755, true);
        file_put_contents($this->stateFile(), json_encode($this->state, JSON_THROW_ON_ERROR));

        return $answer;
    }

    private function stateFile(): string
    {
        return "{$this->site->root()}/upload/1c_catalog/session.json";
    }

    private function step(string $file): string
    {
        if ($this->state['file'] !== $file) {
            $this->state = ['file' => $file] + self::FRESH + $this->state;
            $this->state['began'] ??= Application::getConnection()->queryScalar("SELECT DATE_FORMAT(now(), '%Y-%m-%d %H:%i:%s')");
        }
        $path = "{$this->site->root()}/upload/1c_catalog/$file";
        $isThrough = match ($this->state['step']) {
            1 => $this->fire('OnBeforeCatalogImport1C', $path),
            4 => $this->importer($path)->metaData($this->state),
            5 => $this->importer($path)->sections($this->state['iblock']),
            7 => $this->elements($path),
            8 => $this->missing(),
            9 => $this->fire('OnSuccessCatalogImport1C', $path),
            default => true,
        };
        if (is_string($isThrough)) {
            return "failure\n$isThrough";
        }
        if ($this->state['step'] === 9) {
            $this->state = self::FRESH + $this->state;
            $this->state['file'] = '';

            return "success\nthe file is through";
        }
        // Reading into tables, indexing them and sorting sections (2, 3, 6) tell nothing; each takes a request of its own in the kernel.
        $isThrough && $this->state['step'] = [1 => 2, 2 => 4, 4 => 5, 5 => 7, 7 => 8, 8 => 9][$this->state['step']];

        return "progress\nstep {$this->state['step']}";
    }

    private function importer(string $path): CommerceMlImport
    {
        return new CommerceMlImport(new CommerceMlFile($path), $this->parameters + self::PARAMETERS);
    }

    /** What a handler answers becomes the error of the exchange. */
    private function fire(string $event, string $path): bool|string
    {
        foreach (GetModuleEvents('catalog', $event, true) as $handler) {
            $error = ExecuteModuleEventEx($handler, [$this->parameters + self::PARAMETERS, $path]);
            if (is_string($error) && $error !== '') {
                return $error;
            }
        }

        return true;
    }

    private function elements(string $path): bool
    {
        $importer = $this->importer($path);
        $importer->begin($this->state['iblock'], $this->state['parent'], $this->state['isOffers']);
        Sku::enableDeferredCalculation();
        $count = 0;
        $isThrough = true;
        foreach ((new CommerceMlFile($path))->nodes($this->state['at']) as $node) {
            if ($this->nodesOfAStep > 0 && $count === $this->nodesOfAStep) {
                $isThrough = false;
                break;
            }
            $this->state['done'][] = $importer->element($node);
            $count++;
        }
        $this->state['at'] += $count;
        Sku::disableDeferredCalculation();
        Sku::calculate();
        $this->state['iblocks'] = array_values(array_unique([...$this->state['iblocks'], $this->state['iblock']]));

        return $isThrough;
    }

    /** Elements that a full file does not name any more. */
    private function missing(): bool
    {
        if (!$this->state['isFull']) {
            return true;
        }
        $done = implode(', ', array_filter($this->state['done'])) ?: '0';
        $action = ($this->parameters + self::PARAMETERS)['ELEMENT_ACTION'];
        $which = $action === 'A' ? " AND ACTIVE = 'Y'" : '';
        $rows = Application::getConnection()->query("SELECT ID FROM b_iblock_element WHERE IBLOCK_ID = {$this->state['iblock']} AND ID NOT IN ($done)$which ORDER BY ID");
        foreach ($rows->fetchAll() as $row) {
            match ($action) {
                'A' => (new \CIBlockElement())->Update($row['ID'], ['ACTIVE' => 'N']),
                'D' => \CIBlockElement::Delete($row['ID']),
                default => null,
            };
        }

        return true;
    }

    /** What nothing has touched since the exchange began goes out of sale. */
    private function deactivate(): string
    {
        $iblocks = implode(', ', $this->state['iblocks']) ?: '0';
        $began = Application::getConnection()->getSqlHelper()->forSql((string)$this->state['began']);
        $sql = "SELECT ID FROM b_iblock_element WHERE IBLOCK_ID IN ($iblocks) AND ACTIVE = 'Y' AND TIMESTAMP_X < '$began'";
        foreach (Application::getConnection()->query($sql)->fetchAll() as $row) {
            (new \CIBlockElement())->Update($row['ID'], ['ACTIVE' => 'N']);
        }

        return "success\n";
    }

    private function complete(): string
    {
        $error = $this->fire('OnCompleteCatalogImport1C', '');
        $this->state = self::FRESH + ['iblocks' => [], 'began' => null];

        return is_string($error) ? "failure\n$error" : "success\n";
    }
}
