<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Controller\Filter;

use Aligate\Aliexpress\ModuleOptions;
use Bitrix\Main\Engine\ActionFilter\Base;
use Bitrix\Main\Error;
use Bitrix\Main\Event;
use Bitrix\Main\EventResult;

/** Lets in who has at least a right of the module: R looks, W acts. */
final class Right extends Base
{
    public function __construct(private readonly string $least)
    {
        parent::__construct();
    }

    public function onBeforeAction(Event $event)
    {
        if (\CMain::GetGroupRight(ModuleOptions::MODULE_ID) >= $this->least) {
            return null;
        }
        $this->addError(new Error('the right to do this is missing', 'right_missing'));

        return new EventResult(EventResult::ERROR, null, null, $this);
    }
}
