<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Gateway;

use Aligate\Aliexpress\Gateway\Exception\GatewayException;
use Aligate\Aliexpress\Gateway\Exception\Recoverable;
use Aligate\Aliexpress\Gateway\Exception\Unrecoverable;
use Aligate\Aliexpress\Signing\Signature;

/**
 * Speaks to the gateway over HTTP with ext-curl. One request for each call: it neither repeats nor follows redirects.
 *
 * The connection is kept between calls.
 */
final class HttpGatewayClient implements GatewayClient
{
    /** Bodies above this are compressed. */
    private const GZIP_ABOVE_BYTES = 1024;

    /** An answer above this is broken off while it is received. */
    private const ANSWER_BYTES_MAX = 1048576;

    /** The longest wait that is believed. */
    private const RETRY_AFTER_SECS_MAX = 86400;

    private readonly string $url;
    private readonly \CurlHandle $curl;

    /** @var \Closure(): int */
    private readonly \Closure $now;

    /**
     * @param string $gatewayUrl with http or https, without the path of the API
     * @param string $shop the shop's id at the gateway
     * @param int $connectTimeoutMs until the connection stands, TLS included
     * @param int $timeoutMs for the whole request
     * @param (\Closure(): int)|null $now unix seconds; the system's clock where none is given
     * @throws \InvalidArgumentException where the URL or a timeout cannot be used
     */
    public function __construct(
        string $gatewayUrl,
        string $shop,
        private readonly Signature $signature,
        private readonly int $connectTimeoutMs = 3000,
        private readonly int $timeoutMs = 15000,
        ?\Closure $now = null,
    ) {
        if (preg_match('~\Ahttps?://[^/?#\s]+(/[^?#\s]*)?\z~i', $gatewayUrl) !== 1) {
            throw new \InvalidArgumentException('the gateway\'s URL is not http(s)://host[:port][/path]');
        }
        if ($shop === '') {
            throw new \InvalidArgumentException('the shop\'s id is empty');
        }
        if ($connectTimeoutMs < 1 || $timeoutMs < 1) {
            throw new \InvalidArgumentException('a timeout is at least 1 ms: cURL takes 0 for none');
        }
        $this->url = rtrim($gatewayUrl, '/') . '/v1/shops/' . rawurlencode($shop) . '/events';
        $this->now = $now ?? time(...);
        $this->curl = curl_init();
    }

    public function postEvents(array $events): DeliveryResult
    {
        $body = self::encode($events);
        $headers = ['Content-Type: application/json', 'Accept: application/json'];
        array_push($headers, 'User-Agent: aligate-bitrix', 'Expect:');
        if (strlen($body) > self::GZIP_ABOVE_BYTES) {
            $body = gzencode($body);
            $headers[] = 'Content-Encoding: gzip';
        }
        $id = hash('sha256', $body);
        $now = ($this->now)();
        $headers[] = "webhook-id: $id";
        $headers[] = "webhook-timestamp: $now";
        $headers[] = 'webhook-signature: ' . $this->signature->sign($id, $now, $body);

        return self::read($this->exchange($body, $headers), $now);
    }

    /** @param list<mixed> $events */
    private static function encode(array $events): string
    {
        $flags = JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PRESERVE_ZERO_FRACTION | JSON_THROW_ON_ERROR;
        try {
            return json_encode(['events' => array_values($events)], $flags);
        } catch (\JsonException $error) {
            $message = "the events cannot be written as JSON: {$error->getMessage()}";
            throw new Unrecoverable($message, 'events_unencodable', previous: $error);
        }
    }

    /** @param list<string> $headers */
    private function exchange(string $body, array $headers): Answer
    {
        $answer = new Answer(self::ANSWER_BYTES_MAX);
        curl_reset($this->curl);
        curl_setopt_array($this->curl, [
            CURLOPT_URL => $this->url,
            CURLOPT_POST => true,
            CURLOPT_POSTFIELDS => $body,
            CURLOPT_HTTPHEADER => $headers,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_CONNECTTIMEOUT_MS => $this->connectTimeoutMs,
            CURLOPT_TIMEOUT_MS => $this->timeoutMs,
            CURLOPT_NOSIGNAL => true,
            CURLOPT_HEADERFUNCTION => static fn (\CurlHandle $curl, string $line): int => $answer->takeHeader($line),
            CURLOPT_WRITEFUNCTION => static fn (\CurlHandle $curl, string $piece): int => $answer->takeBody($piece),
        ]);
        $isDone = curl_exec($this->curl);
        if ($isDone === false && !$answer->isTooLarge) {
            $isTimeout = curl_errno($this->curl) === CURLE_OPERATION_TIMEDOUT;
            $message = 'the gateway did not answer: ' . curl_error($this->curl);
            throw new Recoverable($message, $isTimeout ? 'timeout' : 'network', $answer->status);
        }

        return $answer;
    }

    private static function read(Answer $answer, int $now): DeliveryResult
    {
        if ($answer->status !== 202) {
            throw self::refusal($answer, $now);
        }
        try {
            if ($answer->isTooLarge) {
                throw new \UnexpectedValueException('it is larger than ' . self::ANSWER_BYTES_MAX . ' bytes');
            }

            return AnswerReader::result($answer->body);
        } catch (\UnexpectedValueException $error) {
            $message = "the gateway's answer cannot be read: {$error->getMessage()}";
            throw new Recoverable($message, 'answer_unreadable', $answer->status, previous: $error);
        }
    }

    private static function refusal(Answer $answer, int $now): GatewayException
    {
        $status = $answer->status;
        $problem = AnswerReader::problem($answer->body) ?? new Problem("http_$status", 'no problem is described', []);
        $message = "the gateway answered $status {$problem->code}: {$problem->detail}";
        if ($status >= 500 || $status === 429 || $status === 408) {
            $retryAfter = $answer->retryAfterSeconds($now, self::RETRY_AFTER_SECS_MAX);

            return new Recoverable($message, $problem->code, $status, $retryAfter);
        }

        return new Unrecoverable($message, $problem->code, $status, $problem->rejected);
    }
}
