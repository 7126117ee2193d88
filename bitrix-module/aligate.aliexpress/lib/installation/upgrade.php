<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Installation;

use Aligate\Aliexpress\ModuleOptions;
use Bitrix\Main\DB\Connection as Database;

/**
 * Brings tables, subscriptions, agents and copied files to the version of the module's files; tables in versioned steps,
 * each of which may be run twice.
 *
 * The Marketplace runs an update with the old classes loaded, so the work is done afterwards: by the event of the
 * update, or by the next turn of an agent, whichever comes first.
 */
final class Upgrade
{
    private const LOCK = 'aligate.aliexpress.upgrade';

    /** The option that holds the version of the files that all but the tables were brought to. */
    private const INSTALLED = 'installed_version';

    /** @var array<int, \Closure(): void> version => the step that reaches it */
    private readonly array $steps;

    /**
     * @param string $version of the module's files
     * @param array<int, \Closure(): void>|null $steps in the tests, others than the module's
     */
    public function __construct(
        private readonly Database $database,
        private readonly ModuleOptions $options,
        private readonly Schema $schema,
        private readonly Subscriptions $subscriptions,
        private readonly Agents $agents,
        private readonly AdminFiles $files,
        private readonly string $version,
        ?array $steps = null,
    ) {
        $steps ??= [1 => $this->schema->create(...)];
        ksort($steps);
        $this->steps = $steps;
    }

    /** The version of the tables that the files need. */
    public function target(): int
    {
        return (int)array_key_last($this->steps);
    }

    /**
     * Does what is missing; nothing where nothing is, or where another process is at it.
     *
     * @return bool whether the version of the files is reached
     * @throws InstallationFailed where a step fails: the steps before it count, it and those after it are run again
     */
    public function run(): bool
    {
        if ($this->isDone()) {
            return true;
        }
        if (!$this->database->lock(self::LOCK)) {
            return false;
        }
        try {
            foreach ($this->steps as $version => $step) {
                if ($version > $this->options->schemaVersion()) {
                    $step();
                    $this->options->saveSchemaVersion($version);
                }
            }
            $this->subscriptions->register();
            $this->agents->register();
            $this->files->copy();
            $this->options->set(self::INSTALLED, $this->version);
        } finally {
            $this->database->unlock(self::LOCK);
        }

        return true;
    }

    private function isDone(): bool
    {
        return $this->options->schemaVersion() >= $this->target()
            && $this->options->text(self::INSTALLED) === $this->version;
    }
}
