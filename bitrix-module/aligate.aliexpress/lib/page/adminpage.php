<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Page;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\ModuleOptions;
use Bitrix\Main\Context;
use Bitrix\Main\Localization\Loc;
use Bitrix\Main\Page\Asset;

Loc::loadMessages(__FILE__);

/** What every page of the module begins with: rights, the connection that is looked at, the script with its phrases. */
final class AdminPage
{
    private const FOLDER = '/bitrix/js/aligate.aliexpress/';

    /** @param list<Connection> $connections */
    private function __construct(
        private readonly array $connections,
        public readonly ?Connection $connection,
        private readonly string $script,
    ) {
    }

    /** Whether the present user may look at the module's pages; `W`: may act. */
    public static function isAllowed(string $right = 'R'): bool
    {
        return \CMain::GetGroupRight(ModuleOptions::MODULE_ID) >= $right;
    }

    /**
     * Begins a page: who may not look is shown the form of authorisation, which ends the hit.
     *
     * @param string $file the page's own file, whose phrases are loaded
     * @param string $name of the page in addresses and phrases: `status`
     * @param list<string> $scripts beside the one that all pages have, in their order
     */
    public static function open(string $file, string $name, array $scripts = []): self
    {
        global $APPLICATION;
        Loc::loadMessages($file);
        if (!self::isAllowed()) {
            $APPLICATION->AuthForm(Loc::getMessage('ACCESS_DENIED'));
        }
        $APPLICATION->SetTitle(Loc::getMessage('ALIGATE_ALIEXPRESS_' . strtoupper($name) . '_TITLE'));
        $asset = Asset::getInstance();
        $asset->addCss(self::FOLDER . 'pages.css');
        foreach (['admin.js', ...$scripts] as $script) {
            $asset->addJs(self::FOLDER . $script);
        }
        $options = new ModuleOptions();
        $connections = $options->connections();
        $connection = $options->connection((int)Context::getCurrent()->getRequest()->get('connection'));

        return new self($connections, $connection ?? $connections[0] ?? null, "aligate_aliexpress_$name.php");
    }

    /** The page's address for the connection that is looked at. */
    public function url(): string
    {
        return "$this->script?lang=" . LANGUAGE_ID . ($this->connection === null ? '' : "&connection={$this->connection->id}");
    }

    /**
     * The page below its title: what there is to see of the connection, or how to make one.
     *
     * @param \Closure(Connection): string $html
     */
    public function body(\Closure $html): string
    {
        return $this->connection === null ? self::invitation() : $this->switcher() . $html($this->connection);
    }

    /** Links to the same page of the other connections, where there are several. */
    private function switcher(): string
    {
        if (count($this->connections) < 2) {
            return '';
        }
        $links = [];
        foreach ($this->connections as $one) {
            $name = Fields::escaped($one->name);
            $target = Fields::escaped("$this->script?lang=" . LANGUAGE_ID . "&connection={$one->id}");
            $links[] = $one->id === $this->connection?->id ? "<b>$name</b>" : "<a href=\"$target\">$name</a>";
        }

        return '<p>' . implode(' | ', $links) . '</p>';
    }

    /** What is shown where nothing is connected yet. */
    private static function invitation(): string
    {
        $url = Fields::escaped('settings.php?mid=' . ModuleOptions::MODULE_ID . '&lang=' . LANGUAGE_ID);
        $text = Fields::escaped(Loc::getMessage('ALIGATE_ALIEXPRESS_NOT_CONNECTED'));
        $link = Fields::escaped(Loc::getMessage('ALIGATE_ALIEXPRESS_TO_SETTINGS'));

        return "<p>$text <a href=\"$url\">$link</a></p>";
    }

    /**
     * The phrases of a page of which all are its script's.
     *
     * @return list<string> codes without their prefix
     */
    public static function phrasesOf(string $file): array
    {
        return array_map(
            static fn (string $code): string => substr($code, strlen('ALIGATE_ALIEXPRESS_')),
            array_keys(Loc::loadLanguageFile($file)),
        );
    }

    /**
     * A place that the page's script fills, with the phrases that it needs.
     *
     * @param array<string, scalar|array<array-key, scalar>> $data
     * @param list<string> $phrases codes without their prefix; their text is given under the code
     */
    public static function place(string $widget, array $data, array $phrases): string
    {
        $texts = [];
        foreach ($phrases as $code) {
            $texts[$code] = (string)Loc::getMessage("ALIGATE_ALIEXPRESS_$code");
        }
        $json = json_encode($data + ['phrases' => $texts], JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR);

        return '<div data-aligate-widget="' . Fields::escaped($widget) . '" data-aligate="' . Fields::escaped($json) . '"></div>';
    }
}
