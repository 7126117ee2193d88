<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Notice;

use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Outbox\StateRepository;
use Aligate\Aliexpress\Page\Fields;

/** The kernel's line of notices in the admin section: one for each connection and code, written when it changes. */
final class AdminNotices
{
    private const STATE_PREFIX = 'notice.';

    public function __construct(private readonly StateRepository $states)
    {
    }

    /** Shows a text under a code; an empty one takes the notice away. A person who closed it sees it again only when its text changes. */
    public function set(int $connectionId, string $code, string $text): void
    {
        $name = self::STATE_PREFIX . $code;
        $digest = $text === '' ? '' : md5($text);
        if ((string)$this->states->get($connectionId, $name) === $digest) {
            return;
        }
        $tag = "aligate_aliexpress_{$connectionId}_$code";
        if ($text === '') {
            \CAdminNotify::DeleteByTag($tag);
            $this->states->delete($connectionId, $name);

            return;
        }
        $url = 'aligate_aliexpress_status.php?connection=' . $connectionId;
        \CAdminNotify::Add([
            'MESSAGE' => Fields::escaped($text) . ' <a href="/bitrix/admin/' . Fields::escaped($url) . '">AliExpress</a>',
            'TAG' => $tag,
            'MODULE_ID' => ModuleOptions::MODULE_ID,
            'ENABLE_CLOSE' => 'Y',
        ]);
        $this->states->set($connectionId, $name, $digest);
    }

    /** Takes every notice of a connection away. */
    public function clear(int $connectionId): void
    {
        foreach (array_keys($this->states->all($connectionId, self::STATE_PREFIX)) as $name) {
            $this->set($connectionId, substr((string)$name, strlen(self::STATE_PREFIX)), '');
        }
    }
}
