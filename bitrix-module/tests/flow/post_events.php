<?php

declare(strict_types=1);

// Posts the events of stdin with the module's own client, for flow tests of the gateway.
// Environment: GATEWAY_URL, SHOP, SECRET. Prints one line of JSON; exit code 0 delivered, 1 not delivered, 2 wrong use.

use Aligate\Aliexpress\Gateway\Exception\GatewayException;
use Aligate\Aliexpress\Gateway\Exception\Recoverable;
use Aligate\Aliexpress\Gateway\HttpGatewayClient;
use Aligate\Aliexpress\Gateway\Transport;
use Aligate\Aliexpress\Signing\Signature;

require dirname(__DIR__) . '/bootstrap.php';

try {
    // Objects stay objects, so that `{}` does not become `[]` on the way.
    $input = json_decode((string)stream_get_contents(STDIN), false, 512, JSON_THROW_ON_ERROR);
    if (!is_object($input) || !is_array($input->events ?? null)) {
        throw new InvalidArgumentException('stdin is not {"events":[…]}');
    }
    $signature = new Signature([(string)getenv('SECRET')]);
    $client = new HttpGatewayClient(new Transport((string)getenv('GATEWAY_URL'), (string)getenv('SHOP'), $signature));
} catch (JsonException | InvalidArgumentException $error) {
    fwrite(STDERR, "post_events: {$error->getMessage()}\n");
    exit(2);
}

try {
    echo json_encode($client->postEvents($input->events), JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE), "\n";
} catch (GatewayException $error) {
    echo json_encode([
        'error' => (new ReflectionClass($error))->getShortName(),
        'code' => $error->problemCode,
        'retry_after' => $error instanceof Recoverable ? $error->retryAfterSeconds : null,
    ], JSON_THROW_ON_ERROR), "\n";
    fwrite(STDERR, "post_events: {$error->getMessage()}\n");
    exit(1);
}
