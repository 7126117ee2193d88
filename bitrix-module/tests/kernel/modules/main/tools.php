<?php

use Bitrix\Main\EventManager;
use Bitrix\Main\Loader;
use Bitrix\Main\Localization\Loc;
use Bitrix\Main\ModuleManager;

/** Old-style handlers of an event: an array of them, or a result to be fetched one by one. */
function GetModuleEvents($MODULE_ID, $MESSAGE_ID, $bReturnArray = false)
{
    $handlers = EventManager::getInstance()->findEventHandlers($MODULE_ID, $MESSAGE_ID);
    if ($bReturnArray) {
        return $handlers;
    }
    $result = new CDBResult();
    $result->InitFromArray($handlers);
    return $result;
}

/** Calls one handler by position; one that cannot be called is logged and passed over, an exception goes through. */
function ExecuteModuleEventEx($arEvent, $arParams = [])
{
    $module = $arEvent['TO_MODULE_ID'] ?? '';
    if ($module !== '' && $module !== 'main' && !Loader::includeModule($module)) {
        return null;
    }
    if (($arEvent['TO_PATH'] ?? '') !== '') {
        include_once Loader::getDocumentRoot() . $arEvent['TO_PATH'];
    } elseif (!empty($arEvent['FULL_PATH'])) {
        include_once $arEvent['FULL_PATH'];
    }
    $callback = $arEvent['CALLBACK'] ?? [$arEvent['TO_CLASS'] ?? '', $arEvent['TO_METHOD'] ?? ''];
    $extra = (array)($arEvent['TO_METHOD_ARG'] ?? []);
    if (!is_callable($callback)) {
        $name = ($arEvent['TO_NAME'] ?? '') !== '' ? $arEvent['TO_NAME'] : 'CALLBACK';
        trigger_error("Event handler error: could not invoke $name", E_USER_WARNING);
        return null;
    }
    return call_user_func_array($callback, $extra === [] ? $arParams : array_merge($extra, $arParams));
}

function ExecuteModuleEvent($arEvent)
{
    return ExecuteModuleEventEx($arEvent, array_slice(func_get_args(), 1));
}

function RegisterModuleDependences($FROM_MODULE_ID, $MESSAGE_ID, $TO_MODULE_ID, $TO_CLASS = "", $TO_METHOD = "", $SORT = 100, $TO_PATH = "", $TO_METHOD_ARG = [])
{
    EventManager::getInstance()->registerEventHandlerCompatible($FROM_MODULE_ID, $MESSAGE_ID, $TO_MODULE_ID, $TO_CLASS, $TO_METHOD, $SORT, $TO_PATH, $TO_METHOD_ARG);
}

function UnRegisterModuleDependences($FROM_MODULE_ID, $MESSAGE_ID, $TO_MODULE_ID, $TO_CLASS = "", $TO_METHOD = "", $TO_PATH = "", $TO_METHOD_ARG = [])
{
    EventManager::getInstance()->unRegisterEventHandler($FROM_MODULE_ID, $MESSAGE_ID, $TO_MODULE_ID, $TO_CLASS, $TO_METHOD, $TO_PATH, $TO_METHOD_ARG);
}

function AddEventHandler($FROM_MODULE_ID, $MESSAGE_ID, $CALLBACK, $SORT = 100, $FULL_PATH = false)
{
    return EventManager::getInstance()->addEventHandlerCompatible($FROM_MODULE_ID, $MESSAGE_ID, $CALLBACK, $FULL_PATH, $SORT);
}

function RemoveEventHandler($FROM_MODULE_ID, $MESSAGE_ID, $iEventHandlerKey)
{
    return EventManager::getInstance()->removeEventHandler($FROM_MODULE_ID, $MESSAGE_ID, $iEventHandlerKey);
}

function IsModuleInstalled($module_id)
{
    return ModuleManager::isModuleInstalled($module_id);
}

function RegisterModule($id)
{
    ModuleManager::registerModule($id);
}

function UnRegisterModule($id)
{
    ModuleManager::unRegisterModule($id);
}

function GetMessage($name, $aReplace = null)
{
    return Loc::getMessage($name, $aReplace) ?? '';
}

function IncludeModuleLangFile($filepath, $lang = false, $bReturnArray = false)
{
    Loc::loadMessages($filepath);
    return $bReturnArray ? Loc::loadLanguageFile($filepath, $lang === false ? null : $lang) : true;
}

function CheckDirPath($path)
{
    $folder = str_ends_with($path, '/') ? $path : dirname($path);
    return is_dir($folder) || @mkdir($folder, 0755, true);
}

function RewriteFile($abs_path, $strContent)
{
    CheckDirPath($abs_path);
    return file_put_contents($abs_path, $strContent) !== false;
}

function CopyDirFiles($path_from, $path_to, $ReWrite = true, $Recursive = false, $bDeleteAfterCopy = false, $strExclude = "")
{
    if (str_starts_with(rtrim($path_to, '/') . '/', rtrim($path_from, '/') . '/')) {
        return false;
    }
    if (is_file($path_from)) {
        CheckDirPath($path_to);
        $target = is_dir($path_to) || str_ends_with($path_to, '/') ? rtrim($path_to, '/') . '/' . basename($path_from) : $path_to;
        $isCopied = (is_file($target) && !$ReWrite) || copy($path_from, $target);
        $bDeleteAfterCopy && unlink($path_from);
        return $isCopied;
    }
    if (!is_dir($path_from)) {
        return true;
    }
    CheckDirPath(rtrim($path_to, '/') . '/');
    foreach (array_diff((array)scandir($path_from), ['.', '..']) as $name) {
        if ($strExclude !== '' && str_starts_with($name, $strExclude)) {
            continue;
        }
        if (is_dir("$path_from/$name") && $Recursive) {
            CopyDirFiles("$path_from/$name", "$path_to/$name", $ReWrite, true, $bDeleteAfterCopy, $strExclude);
        } elseif (is_file("$path_from/$name") && ($ReWrite || !is_file("$path_to/$name"))) {
            copy("$path_from/$name", "$path_to/$name");
            $bDeleteAfterCopy && unlink("$path_from/$name");
        }
    }
    return true;
}

/** Removes from the second folder the files that the first one has. */
function DeleteDirFiles($frDir, $toDir, $arExept = [])
{
    if (is_dir($frDir)) {
        foreach (array_diff((array)scandir($frDir), ['.', '..'], $arExept) as $name) {
            is_file("$toDir/$name") && is_file("$frDir/$name") && unlink("$toDir/$name");
        }
    }
}

/** Removes a file or folder below the document root. */
function DeleteDirFilesEx($path, $root = null)
{
    if ($path === '' || $path === '/') {
        return false;
    }
    $whole = ($root ?? Loader::getDocumentRoot()) . '/' . ltrim($path, '/');
    if (is_link($whole) || is_file($whole)) {
        return unlink($whole);
    }
    if (!is_dir($whole)) {
        return true;
    }
    foreach (array_diff((array)scandir($whole), ['.', '..']) as $name) {
        DeleteDirFilesEx("$path/$name", $root);
    }
    return rmdir($whole);
}

function getLocalPath($path, $baseFolder = "/bitrix")
{
    foreach (['/local', $baseFolder] as $holder) {
        if (file_exists(Loader::getDocumentRoot() . "$holder/$path")) {
            return "$holder/$path";
        }
    }
    return false;
}

function bitrix_sessid()
{
    return $_SESSION['fixed_session_id'] ??= bin2hex(random_bytes(16));
}

function bitrix_sessid_get($varname = 'sessid')
{
    return $varname . '=' . bitrix_sessid();
}

function bitrix_sessid_post($varname = 'sessid', $returnInvocations = false)
{
    return '<input type="hidden" name="' . $varname . '" value="' . bitrix_sessid() . '" />';
}

function check_bitrix_sessid($varname = 'sessid')
{
    $given = \Bitrix\Main\Context::getCurrent()->getRequest()->get($varname)
        ?? \Bitrix\Main\Context::getCurrent()->getRequest()->getHeader('X-Bitrix-Csrf-Token')
        ?? $_REQUEST[$varname] ?? null;
    return $given === bitrix_sessid();
}

function htmlspecialcharsbx($_1767425016, $_1418508502 = ENT_COMPAT)
{
    return htmlspecialchars((string)$_1767425016, $_1418508502, 'UTF-8');
}

function htmlspecialcharsback($str)
{
    return str_replace(['&lt;', '&gt;', '&quot;', '&#039;', '&amp;'], ['<', '>', '"', "'", '&'], $str);
}

function htmlspecialcharsEx($str)
{
    return str_replace(['<', '>', '"'], ['&lt;', '&gt;', '&quot;'], str_replace('&', '&amp;', htmlspecialcharsback($str)));
}

/** Ends the hit: in PHPUnit as an exception, so that a test can look at where it led. */
function LocalRedirect($url, $skip_security_check = false, $status = "302 Found")
{
    throw new \Aligate\Aliexpress\Tests\FakeKernel\HitEnded("redirect $url", $url);
}

function ConvertTimeStamp($timestamp = false, $type = "SHORT", $site = false, $bSearchInSitesOnly = false)
{
    return date($type === 'FULL' ? 'd.m.Y H:i:s' : 'd.m.Y', $timestamp === false ? time() : (int)$timestamp);
}

function MakeTimeStamp($datetime, $format = false)
{
    foreach (['!d.m.Y H:i:s', '!d.m.Y H:i', '!d.m.Y', '!Y-m-d H:i:s'] as $one) {
        $parsed = \DateTime::createFromFormat($one, (string)$datetime);
        if ($parsed !== false) {
            return $parsed->getTimestamp();
        }
    }
    return false;
}

function FormatDate($format = "", $timestamp = false, $now = false, ?string $languageId = null)
{
    $format = is_array($format) ? (string)end($format) : (string)$format;
    return date($format === '' || $format === 'FULL' ? 'd.m.Y H:i:s' : $format, $timestamp === false ? time() : (int)$timestamp);
}

function AddMessage2Log($text, $module = '', $traceDepth = 6, $showArgs = false)
{
    if (defined('LOG_FILENAME') && LOG_FILENAME !== '') {
        file_put_contents(LOG_FILENAME, date('Y-m-d H:i:s') . " $module " . (is_string($text) ? $text : print_r($text, true)) . "\n", FILE_APPEND | LOCK_EX);
    }
}

function roundEx($value, $prec = 0)
{
    return round((float)$value, (int)$prec);
}

function ShowError($strError, $cls = "errortext")
{
    if ($strError != '') {
        echo '<p><font class="' . htmlspecialcharsbx($cls) . '">' . $strError . '</font></p>';
    }
}

function ShowNote($strNote, $cls = "notetext")
{
    if ($strNote != '') {
        echo '<p><font class="' . htmlspecialcharsbx($cls) . '">' . $strNote . '</font></p>';
    }
}
