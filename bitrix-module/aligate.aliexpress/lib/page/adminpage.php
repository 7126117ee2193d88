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
    /** @param list<Connection> $connections */
    private function __construct(public readonly array $connections, public readonly ?Connection $connection)
    {
    }

    /** Whether the present user may look at the module's pages; `W`: may act. */
    public static function isAllowed(string $right = 'R'): bool
    {
        return \CMain::GetGroupRight(ModuleOptions::MODULE_ID) >= $right;
    }

    /** The page for the connection that the request names, else for the first one. */
    public static function open(ModuleOptions $options): self
    {
        Asset::getInstance()->addJs('/bitrix/js/aligate.aliexpress/admin.js');
        $connections = $options->connections();
        $connection = $options->connection((int)Context::getCurrent()->getRequest()->get('connection'));

        return new self($connections, $connection ?? $connections[0] ?? null);
    }

    /** Links to the same page of the other connections, where there are several. */
    public function switcher(string $url): string
    {
        if (count($this->connections) < 2) {
            return '';
        }
        $links = [];
        foreach ($this->connections as $one) {
            $name = Fields::escaped($one->name);
            $target = Fields::escaped("$url?lang=" . LANGUAGE_ID . "&connection={$one->id}");
            $links[] = $one->id === $this->connection?->id ? "<b>$name</b>" : "<a href=\"$target\">$name</a>";
        }

        return '<p>' . implode(' | ', $links) . '</p>';
    }

    /** What is shown where nothing is connected yet. */
    public static function invitation(): string
    {
        $url = Fields::escaped('settings.php?mid=' . ModuleOptions::MODULE_ID . '&lang=' . LANGUAGE_ID);
        $text = Fields::escaped(Loc::getMessage('ALIGATE_ALIEXPRESS_NOT_CONNECTED'));
        $link = Fields::escaped(Loc::getMessage('ALIGATE_ALIEXPRESS_TO_SETTINGS'));

        return "<p>$text <a href=\"$url\">$link</a></p>";
    }

    /**
     * A place that the page's script fills, with the phrases that it needs.
     *
     * @param array<string, scalar> $data
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
