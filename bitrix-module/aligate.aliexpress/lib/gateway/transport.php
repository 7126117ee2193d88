<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Gateway;

use Aligate\Aliexpress\Gateway\Exception\GatewayException;
use Aligate\Aliexpress\Gateway\Exception\Recoverable;
use Aligate\Aliexpress\Gateway\Exception\Unrecoverable;
use Aligate\Aliexpress\Signing\Signature;

/**
 * One signed request to the gateway and its answer, over ext-curl. It neither repeats nor follows redirects.
 *
 * The connection is kept between calls.
 */
final class Transport
{
    /** An answer above this is broken off while it is received, unless the call allows more. */
    public const ANSWER_BYTES_MAX = 1048576;

    /** The longest wait that is believed. */
    private const RETRY_AFTER_SECS_MAX = 86400;

    /** The path of the shop's own part of the API. */
    public readonly string $shopPath;

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
        $this->url = rtrim($gatewayUrl, '/');
        $this->shopPath = '/v1/shops/' . rawurlencode($shop);
        $this->now = $now ?? time(...);
        $this->curl = curl_init();
    }

    /**
     * Sends a request and takes its answer, whatever its status.
     *
     * @param string $path from the root, with its query
     * @param string $id the `webhook-id`
     * @param string $signed what the signature covers beside id and time
     * @param list<string> $headers beside those of the signature
     * @param int $answerBytesMax the answer is broken off above it
     * @param int|null $timeoutMs for this request, where it is known to take longer than others
     * @throws Recoverable where no whole answer came
     */
    public function exchange(
        string $method,
        string $path,
        string $id,
        string $signed,
        string $body,
        array $headers,
        int $answerBytesMax = self::ANSWER_BYTES_MAX,
        ?int $timeoutMs = null,
    ): Answer {
        $now = ($this->now)();
        array_push($headers, 'Accept: application/json', 'User-Agent: aligate-bitrix', 'Expect:');
        array_push($headers, "webhook-id: $id", "webhook-timestamp: $now");
        $headers[] = 'webhook-signature: ' . $this->signature->sign($id, $now, $signed);
        $answer = new Answer($answerBytesMax);
        curl_reset($this->curl);
        curl_setopt_array($this->curl, [
            CURLOPT_URL => $this->url . $path,
            CURLOPT_CUSTOMREQUEST => $method,
            CURLOPT_HTTPHEADER => $headers,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_CONNECTTIMEOUT_MS => $this->connectTimeoutMs,
            CURLOPT_TIMEOUT_MS => max($this->timeoutMs, $timeoutMs ?? 0),
            CURLOPT_NOSIGNAL => true,
            CURLOPT_HEADERFUNCTION => static fn (\CurlHandle $curl, string $line): int => $answer->takeHeader($line),
            CURLOPT_WRITEFUNCTION => static fn (\CurlHandle $curl, string $piece): int => $answer->takeBody($piece),
        ]);
        if ($method !== 'GET') {
            curl_setopt($this->curl, CURLOPT_POSTFIELDS, $body);
        }
        if (curl_exec($this->curl) === false && !$answer->isTooLarge) {
            $isTimeout = curl_errno($this->curl) === CURLE_OPERATION_TIMEDOUT;
            $message = 'the gateway did not answer: ' . curl_error($this->curl);
            throw new Recoverable($message, $isTimeout ? 'timeout' : 'network', $answer->status);
        }

        return $answer;
    }

    /** What an answer that is not the hoped-for one means: later, or never. */
    public function refusal(Answer $answer): GatewayException
    {
        $status = $answer->status;
        $problem = AnswerReader::problem($answer->body) ?? new Problem("http_$status", 'no problem is described', []);
        $message = "the gateway answered $status {$problem->code}: {$problem->detail}";
        if ($status >= 500 || $status === 429 || $status === 408) {
            $retryAfter = $answer->retryAfterSeconds(($this->now)(), self::RETRY_AFTER_SECS_MAX);

            return new Recoverable($message, $problem->code, $status, $retryAfter);
        }

        return new Unrecoverable($message, $problem->code, $status, $problem->rejected, $problem->faults);
    }

    /** An answer that came whole but cannot be read: the same request may be made again. */
    public static function unreadable(Answer $answer, \UnexpectedValueException $error): Recoverable
    {
        $message = "the gateway's answer cannot be read: {$error->getMessage()}";

        return new Recoverable($message, 'answer_unreadable', $answer->status, previous: $error);
    }
}
