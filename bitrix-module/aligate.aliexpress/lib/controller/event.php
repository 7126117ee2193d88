<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Controller;

use Aligate\Aliexpress\Inbound\Answer;
use Bitrix\Main\Application;
use Bitrix\Main\DI\ServiceLocator;
use Bitrix\Main\Engine\ActionFilter\CloseSession;
use Bitrix\Main\Engine\Controller;
use Bitrix\Main\Engine\Response\Json;
use Bitrix\Main\HttpRequest;

/**
 * Where the gateway posts its events: `/bitrix/services/main/ajax.php?action=aligate:aliexpress.event.take&connection=1`.
 *
 * It knows no session, no user and no CSRF token: the signature over the raw body is who may speak.
 */
final class Event extends Controller
{
    public function configureActions()
    {
        return ['take' => ['prefilters' => [new CloseSession()]]];
    }

    public function takeAction(): Json
    {
        $request = $this->getRequest();
        $header = static fn (string $name): string => (string)$request->getHeader($name);
        $headers = [
            'id' => $header('webhook-id'),
            'timestamp' => $header('webhook-timestamp'),
            'signature' => $header('webhook-signature'),
        ];
        try {
            $services = ServiceLocator::getInstance();
            $connection = $services->get('aligate.aliexpress.options')->connection((int)$request->getQuery('connection'));
            $answer = $services->get('aligate.aliexpress.endpoint')->take($connection, $headers, (string)HttpRequest::getInput());
        } catch (\Throwable $error) {
            Application::getInstance()->getExceptionHandler()->writeToLog($error);
            $answer = Answer::problem(503, 'internal', 'the shop failed; its log says why', 60);
        }

        return self::response($answer);
    }

    private static function response(Answer $answer): Json
    {
        $response = new Json($answer->body);
        $response->setStatus($answer->status);
        if ($answer->retryAfterSeconds !== null) {
            $response->addHeader('Retry-After', (string)$answer->retryAfterSeconds);
        }

        return $response;
    }
}
