<?php

namespace Bitrix\Sale;

use Aligate\Aliexpress\Tests\FakeKernel\OldEvent;
use Bitrix\Main\Application;
use Bitrix\Sale\Internals\Entity;

/** E-mails to the buyer, as rows that wait for the mailer. */
class Notify
{
    private const MAILS = [
        'OnOrderNewSendEmail' => 'SALE_NEW_ORDER', 'OnOrderPaySendEmail' => 'SALE_ORDER_PAID', 'OnOrderCancelSendEmail' => 'SALE_ORDER_CANCEL',
        'OnOrderStatusSendEmail' => 'SALE_STATUS_CHANGED', 'OnOrderDeliverSendEmail' => 'SALE_ORDER_DELIVERY',
    ];
    /** Mails that no handler may refuse. */
    private const UNASKED = ['OnShipmentTrackingNumberChange' => 'SALE_ORDER_TRACKING_NUMBER'];

    private static $isDisabled = false;

    protected function __construct()
    {
    }

    public static function setNotifyDisable($value)
    {
        self::$isDisabled = $value === true;
    }

    public static function isNotifyDisabled()
    {
        return self::$isDisabled;
    }

    /** A handler of the event may refuse the mail. */
    public static function callNotify(Entity $entity, $eventName)
    {
        if (self::$isDisabled || !isset((self::MAILS + self::UNASKED)[$eventName])) {
            return null;
        }
        $order = $entity instanceof Order ? $entity : $entity->getOrder();
        $name = (self::MAILS + self::UNASKED)[$eventName];
        $fields = ['ORDER_ID' => (string)$order->getId(), 'ORDER_REAL_ID' => (string)$order->getId()];
        if (isset(self::UNASKED[$eventName]) || OldEvent::allows('sale', $eventName, [$order->getId(), &$name, &$fields])) {
            Application::getConnection()->add('b_event', ['EVENT_NAME' => $name, 'LID' => $order->getSiteId(), 'C_FIELDS' => serialize($fields),
                'DATE_INSERT' => new \Bitrix\Main\Type\DateTime(), 'SUCCESS_EXEC' => 'N']);
        }
        return new Result();
    }
}
