<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Controller;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Export\Exporter;
use Aligate\Aliexpress\Export\Progress;
use Bitrix\Main\DI\ServiceLocator;
use Bitrix\Main\Error;

/** The full export's progress bar: `aligate:aliexpress.export.<action>`. Each step is short. */
final class Export extends Page
{
    public function startAction(int $connection, int $iblock = 0, int $section = 0, string $force = 'N'): ?array
    {
        return $this->with(
            $connection,
            static fn (Exporter $exporter, Connection $of): Progress => $exporter->start($of, $iblock, $section, $force === 'Y'),
        );
    }

    public function stepAction(int $connection): ?array
    {
        return $this->with($connection, static fn (Exporter $exporter, Connection $of): ?Progress => $exporter->step($of));
    }

    public function stateAction(int $connection): ?array
    {
        return $this->with($connection, static fn (Exporter $exporter, Connection $of): ?Progress => $exporter->progress($of));
    }

    public function cancelAction(int $connection): ?array
    {
        return $this->with($connection, static fn (Exporter $exporter, Connection $of): ?Progress => $exporter->cancel($of));
    }

    /** @param \Closure(Exporter, Connection): ?Progress $do */
    private function with(int $connectionId, \Closure $do): ?array
    {
        $connection = $this->connection($connectionId);
        if ($connection === null) {
            return null;
        }
        try {
            return ['progress' => $do(ServiceLocator::getInstance()->get('aligate.aliexpress.exporter'), $connection)?->toArray()];
        } catch (\InvalidArgumentException $error) {
            $this->addError(new Error($error->getMessage(), 'export_invalid'));

            return null;
        }
    }
}
