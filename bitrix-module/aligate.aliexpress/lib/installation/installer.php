<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Installation;

use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Sending\Senders;
use Bitrix\Main\Application;
use Bitrix\Main\Config\Option;
use Bitrix\Main\EventManager;
use Bitrix\Main\ModuleManager;

/** Puts the module into a shop and takes it out. Each part may be run twice, and is undone by its counterpart. */
final class Installer
{
    private function __construct(
        private readonly ModuleOptions $options,
        private readonly Schema $schema,
        private readonly Subscriptions $subscriptions,
        private readonly DynamicSubscriptions $dynamic,
        private readonly Agents $agents,
        private readonly AdminFiles $files,
        private readonly Upgrade $upgrade,
    ) {
    }

    /** @param string $folder the module's own */
    public static function ofShop(string $folder): self
    {
        $database = Application::getConnection();
        $events = EventManager::getInstance();
        $options = new ModuleOptions();
        $schema = new Schema($database, "$folder/install/db/mysql");
        $subscriptions = new Subscriptions($events, $database);
        $agents = new Agents();
        $files = new AdminFiles($folder, Application::getDocumentRoot());
        $version = (string)ModuleManager::getVersion(ModuleOptions::MODULE_ID);

        return new self(
            $options,
            $schema,
            $subscriptions,
            new DynamicSubscriptions($database, $events, $options),
            $agents,
            $files,
            new Upgrade($database, $options, $schema, $subscriptions, $agents, $files, $version),
        );
    }

    /**
     * Creates the tables that are missing; those that an earlier installation left are brought to the present version.
     *
     * @throws InstallationFailed
     */
    public function installDatabase(): void
    {
        $this->schema->create();
        if ($this->options->schemaVersion() === 0) {
            $this->options->saveSchemaVersion($this->upgrade->target());
        }
        $this->upgrade->run();
    }

    public function installEvents(): void
    {
        $this->subscriptions->register();
        $this->dynamic->forget();
        $this->dynamic->sync();
    }

    public function installAgents(): void
    {
        $this->agents->register();
    }

    public function installFiles(): void
    {
        $this->files->copy();
    }

    public function uninstallEvents(): void
    {
        $this->subscriptions->unregister();
    }

    public function uninstallAgents(): void
    {
        $this->agents->unregister();
    }

    public function uninstallFiles(): void
    {
        $this->files->delete();
    }

    /**
     * Removes tables and settings, and notices on the admin's pages.
     *
     * @param bool $keepsData whether tables and settings stay for the next installation
     * @throws InstallationFailed
     */
    public function uninstallDatabase(bool $keepsData): void
    {
        \CAdminNotify::DeleteByModule(ModuleOptions::MODULE_ID);
        if (!$keepsData) {
            $this->schema->drop();
            Senders::marker()->delete();
            Option::delete(ModuleOptions::MODULE_ID);
        }
    }
}
