<?php

declare(strict_types=1);

// The router of `php -S` in tests: writes down each request and gives the answer that the test laid out in
// `answer.json` of the folder ALIGATE_TEST_DIR, or for some paths in `paths.json`: {"status", "headers", "body" | "endless" (a piece sent without end)}.

$folder = (string)getenv('ALIGATE_TEST_DIR');
$request = [
    'method' => $_SERVER['REQUEST_METHOD'],
    'uri' => $_SERVER['REQUEST_URI'],
    'headers' => array_change_key_case(getallheaders()),
    'body_base64' => base64_encode((string)file_get_contents('php://input')),
];
file_put_contents("$folder/requests.jsonl", json_encode($request) . "\n", FILE_APPEND);

$answer = json_decode((string)file_get_contents("$folder/answer.json"), true);
foreach (is_file("$folder/paths.json") ? json_decode((string)file_get_contents("$folder/paths.json"), true) : [] as $end => $of) {
    if (str_ends_with((string)parse_url($request['uri'], PHP_URL_PATH), $end)) {
        $answer = $of;
    }
}
http_response_code($answer['status']);
foreach ($answer['headers'] as $name => $value) {
    header("$name: $value");
}
if (!isset($answer['endless'])) {
    echo $answer['body'];

    return;
}
// Ends when the client goes away, and after 10 s in any case.
$until = microtime(true) + 10.0;
while (microtime(true) < $until && !connection_aborted()) {
    echo $answer['endless'];
    flush();
    usleep($answer['pause_us']);
}
