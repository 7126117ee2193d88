<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\FakeKernel;

use Bitrix\Main\Context;
use Bitrix\Main\Engine\Controller;
use Bitrix\Main\Engine\Response\AjaxJson;
use Bitrix\Main\ErrorCollection;
use Bitrix\Main\HttpResponse;

/** What `/bitrix/services/main/ajax.php` does with an action, in a hit of its own. */
final class Ajax
{
    /**
     * @param class-string<Controller> $controller
     * @param array<string, string> $headers
     */
    public static function call(
        string $controller,
        string $action,
        array $query = [],
        array $post = [],
        ?string $body = null,
        array $headers = [],
        string $method = 'POST',
        ?int $user = 1,
    ): HttpResponse {
        $server = ['REQUEST_METHOD' => $method, 'REQUEST_URI' => '/bitrix/services/main/ajax.php'];
        foreach ($headers as $name => $value) {
            $key = strtoupper(str_replace('-', '_', $name));
            $server[in_array($key, ['CONTENT_TYPE', 'CONTENT_LENGTH'], true) ? $key : "HTTP_$key"] = $value;
        }
        Hit::start($server, $query, $post, $body);
        $user === null ? $GLOBALS['USER']->Logout() : $GLOBALS['USER']->Authorize($user);
        \Bitrix\Main\Loader::includeModule(Site::MODULE_ID);
        $it = new $controller();
        $result = $it->run($action, [$post, $query]);
        if ($result instanceof HttpResponse) {
            return $result;
        }
        $errors = $it->getErrors();
        $response = $errors === [] ? AjaxJson::createSuccess($result) : AjaxJson::createError(new ErrorCollection($errors));
        $status = Context::getCurrent()->getResponse()->getStatus();
        return $status > 0 ? $response->setStatus($status) : $response;
    }
}
