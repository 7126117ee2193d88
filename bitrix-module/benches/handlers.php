<?php

declare(strict_types=1);

// What the module's handlers cost a shop: php benches/handlers.php [OFFERS]
//
// Runs the handlers as the kernel does, on the fake kernel of the tests and a MariaDB of its own, and prints what a first touch, a later
// touch, and an exchange of OFFERS offers (10 000) with 20 calls for each cost, and how often a bare INSERT of the same run that is.
//
// Once with innodb_flush_log_at_trx_commit = 2, which is what the standard environment of 1C-Bitrix (BitrixEnv, BitrixVM) sets, and once
// with 1, MariaDB's own default: then each commit waits for the disk. A first touch is one INSERT, hence one commit where the shop has no
// transaction open, and none where it has; the row must be there even if the hit dies, so that it cannot be less.
//
// Exit code 1 where a limit is missed: with 2, 0.3 ms for a first touch, 10 us for a later one, 10 s for 10 000 offers; with 1, twice a
// bare INSERT for a first touch.

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\EventHandler\ElementHandler;
use Aligate\Aliexpress\EventHandler\PriceHandler;
use Aligate\Aliexpress\EventHandler\ProductHandler;
use Aligate\Aliexpress\EventHandler\StockHandler;
use Aligate\Aliexpress\ModuleOptions;
use Aligate\Aliexpress\Tests\FakeKernel\Hit;
use Aligate\Aliexpress\Tests\FakeKernel\Site;
use Bitrix\Main\Application;
use Bitrix\Main\DI\ServiceLocator;
use Bitrix\Main\Event;
use Bitrix\Main\Loader;

const FIRST_US_MAX = 300.0;
const LATER_US_MAX = 10.0;
const EXCHANGE_SECS_MAX = 10.0;
/** A first touch takes at most so many bare INSERTs, whatever the disk takes. */
const INSERTS_MAX = 2.0;
const CALLS_OF_AN_OFFER = 20;
/** Touches of one transaction of the shop. */
const TOUCHES_OF_A_TRANSACTION = 50;

$offers = max(1000, (int)($argv[1] ?? 10000));
$folder = sys_get_temp_dir() . '/aligate-bench-' . getmypid();
mkdir($folder, 0700);
$user = posix_geteuid() === 0 ? ' --user=root' : '';
exec("mariadb-install-db --no-defaults --datadir=$folder/data --auth-root-authentication-method=normal --skip-test-db$user 2>&1", $log, $code);
$code === 0 || exit(implode("\n", $log));
$command = "exec mariadbd --no-defaults --datadir=$folder/data --socket=$folder/socket --skip-networking"
    . " --character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_ci$user";
$server = proc_open($command, [2 => ['file', "$folder/log", 'w']], $pipes);
register_shutdown_function(static function () use ($server, $folder): void {
    proc_terminate($server, SIGKILL);
    proc_close($server);
    exec('rm -rf ' . escapeshellarg($folder));
});
mysqli_report(MYSQLI_REPORT_OFF);
for ($try = 0; $try < 600 && @mysqli_connect('localhost', 'root', '', '', 0, "$folder/socket") === false; $try++) {
    usleep(50000);
}
putenv("ALIGATE_TEST_MARIADB_SOCKET=$folder/socket");
require dirname(__DIR__) . '/tests/kernel/bootstrap.php';

Site::boot()->fresh();
CModule::CreateModuleObject('aligate.aliexpress')->DoInstall() || exit("the module cannot be installed\n");

/** Begins a hit of the exchange in a shop with so many connections; the outbox is empty. */
function begin(int $connections): void
{
    $all = array_map(
        static fn (int $id): Connection => Connection::fromArray(['id' => $id, 'iblock_ids' => [2], 'price_type_id' => 1]),
        range(1, $connections),
    );
    (new ModuleOptions())->saveConnections($all);
    if (Loader::includeModule('aligate.aliexpress')) {
        ServiceLocator::getInstance()->get('aligate.aliexpress.touches')->flush();
    }
    Application::getConnection()->queryExecute('TRUNCATE TABLE b_aligate_aliexpress_outbox');
    Hit::start(['SCRIPT_NAME' => '/bitrix/admin/1c_exchange.php'], ['type' => 'catalog', 'mode' => 'import']);
    Loader::includeModule('aligate.aliexpress');
}

/** @return array{float, float, float, float} total seconds, and mean, median and 99th percentile in microseconds */
function measure(int $calls, callable $call): array
{
    $spent = [];
    for ($i = 1; $i <= $calls; $i++) {
        $start = hrtime(true);
        $call($i);
        $spent[] = (hrtime(true) - $start) / 1000;
    }

    return figures($spent);
}

/** @param list<float> $spent microseconds @return array{float, float, float, float} */
function figures(array $spent): array
{
    $calls = count($spent);
    sort($spent);

    return [array_sum($spent) / 1e6, array_sum($spent) / $calls, $spent[intdiv($calls, 2)], $spent[intdiv($calls * 99, 100)]];
}

/**
 * Two calls by turns, so that what the machine does meanwhile falls on both.
 *
 * @return array{array{float, float, float, float}, array{float, float, float, float}}
 */
function byTurns(int $calls, callable $one, callable $other): array
{
    $spent = [[], []];
    for ($i = 1; $i <= $calls; $i++) {
        foreach ([$one, $other] as $which => $call) {
            $start = hrtime(true);
            $call($i);
            $spent[$which][] = (hrtime(true) - $start) / 1000;
        }
    }

    return array_map(figures(...), $spent);
}

/** The calls of one offer: element, properties, product row, three prices, five warehouses, and what repeats of them. */
function offer(int $id): void
{
    $fields = ['ID' => $id, 'IBLOCK_ID' => '2', 'ACTIVE' => 'Y', 'NAME' => 'x', 'PROPERTY_VALUES' => [], 'RESULT' => true];
    ElementHandler::onAfterSetPropertyValues($id, '2');
    ElementHandler::onAfterSetPropertyValues($id, '2');
    ElementHandler::onAfterUpdate($fields);
    $key = ['ID' => $id];
    $row = ['id' => $key, 'primary' => $key, 'fields' => ['QUANTITY' => 9.0, 'WEIGHT' => 100.0, 'AVAILABLE' => 'Y']];
    ProductHandler::onAfterUpdate(new Event('catalog', 'product', $row));
    ProductHandler::onAfterUpdate(new Event('catalog', 'product', $row));
    foreach ([1, 2, 3, 1, 2, 3] as $priceType) {
        $key = ['ID' => $id * 3 + $priceType];
        $price = ['PRODUCT_ID' => $id, 'CATALOG_GROUP_ID' => $priceType, 'PRICE' => 150.0];
        PriceHandler::onAfterUpdate(new Event('catalog', 'price', ['id' => $key, 'primary' => $key, 'fields' => $price]));
    }
    foreach ([1, 2, 3, 4, 5, 1, 2, 3, 4] as $store) {
        StockHandler::onChange($id * 5 + $store, ['PRODUCT_ID' => (string)$id, 'STORE_ID' => (string)$store, 'AMOUNT' => 8.0]);
    }
}

/** @param array{float, float, float, float} $figures */
function row(string $name, array $figures, ?float $insert = null): void
{
    [$total, $mean, $median, $worst] = $figures;
    $ratio = $insert === null ? '' : sprintf('%9.2f', $median / $insert);
    printf("%-42s %10.2f %10.2f %10.2f %10.3f %9s\n", $name, $mean, $median, $worst, $total, $ratio);
}

printf("PHP %s, MariaDB %s, %d offers with %d calls each\n", PHP_VERSION, Application::getConnection()->queryScalar('SELECT VERSION()'), $offers, CALLS_OF_AN_OFFER);
$bare = "INSERT INTO b_aligate_aliexpress_outbox (CONNECTION_ID, KIND, ENTITY_ID, CAUSE, HIT) VALUES (1, 'S', 1, 'edit', 'x')";
$change = static fn (int $i) => StockHandler::onChange($i, ['PRODUCT_ID' => (string)$i, 'STORE_ID' => '1', 'AMOUNT' => 8.0]);
$inTransaction = static function (int $i) use ($change): void {
    $isFirst = $i % TOUCHES_OF_A_TRANSACTION === 1;
    $isFirst && Application::getConnection()->startTransaction();
    $change($i);
    $i % TOUCHES_OF_A_TRANSACTION === 0 && Application::getConnection()->commitTransaction();
};
$isGood = true;
foreach ([2 => 'as BitrixEnv: log flushed each second', 1 => 'MariaDB default: each commit flushed'] as $flush => $how) {
    Application::getConnection()->queryExecute("SET GLOBAL innodb_flush_log_at_trx_commit = $flush");
    printf("\ninnodb_flush_log_at_trx_commit = %d\n%-42s %10s %10s %10s %10s %9s\n", $flush, $how, 'mean us', 'median us', 'p99 us', 'total s', 'x INSERT');
    foreach ([1, 3] as $connections) {
        begin($connections);
        [$insert, $first] = byTurns(2000, static fn () => Application::getConnection()->queryExecute($bare), $change);
        row('a bare INSERT', $insert);
        row("first touch, $connections connection(s)", $first, $insert[2]);
        $later = measure(200000, static fn (int $i) => $change(1 + $i % 100));
        row("later touch, $connections connection(s)", $later, $insert[2]);
        begin($connections);
        row("first touch in the shop's transaction, $connections conn.", measure(2000, $inTransaction), $insert[2]);
        begin($connections);
        $exchange = measure($offers, offer(...));
        row("an offer of an exchange, $connections connection(s)", $exchange, $insert[2]);
        printf("    %d handler calls took %.2f s more, %.2f s for 10 000 offers\n", $offers * CALLS_OF_AN_OFFER, $exchange[0], $exchange[0] / $offers * 10000);
        if ($connections === 1) {
            // By the median: what other processes of the machine take is not the module's.
            $isGood = $isGood && $first[2] <= INSERTS_MAX * $insert[2] && $later[2] <= LATER_US_MAX;
            $isGood = $isGood && ($flush === 1 || $first[2] <= FIRST_US_MAX && $exchange[2] / 100 <= EXCHANGE_SECS_MAX);
        }
    }
}
begin(1);
echo $isGood ? "\nwithin the limits\n" : "\nA LIMIT IS MISSED: 300 us and two INSERTs for a first touch, 10 us for a later one, 10 s for 10 000 offers\n";
exit($isGood ? 0 : 1);
