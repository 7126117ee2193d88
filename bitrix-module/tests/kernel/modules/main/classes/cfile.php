<?php

use Bitrix\Main\Application;

/** Files of `b_file` below `/upload`. */
class CFile
{
    public static function MakeFileArray($path, $mimetype = false, $skipInternal = false, $external_id = "")
    {
        if (is_numeric($path)) {
            $row = self::GetFileArray($path);
            $path = $row === false ? '' : \Bitrix\Main\Loader::getDocumentRoot() . $row['SRC'];
        }
        if (!is_file((string)$path)) {
            return null;
        }
        return ['name' => basename($path), 'size' => filesize($path), 'tmp_name' => $path, 'type' => $mimetype ?: (mime_content_type($path) ?: 'unknown')];
    }

    public static function SaveFile($arFile, $strSavePath, $forceRandom = false, $skipExtension = false, $dirAdd = '')
    {
        $content = $arFile['content'] ?? (is_file((string)($arFile['tmp_name'] ?? '')) ? file_get_contents($arFile['tmp_name']) : null);
        if ($content === null) {
            return null;
        }
        $hash = md5($content . ($arFile['name'] ?? ''));
        $folder = "$strSavePath/" . substr($hash, 0, 3);
        $name = preg_replace('/[^A-Za-z0-9._-]/', '_', (string)$arFile['name']);
        $target = \Bitrix\Main\Loader::getDocumentRoot() . "/upload/$folder/$name";
        CheckDirPath($target);
        file_put_contents($target, $content);
        $size = @getimagesize($target) ?: [0, 0];
        return (int)Application::getConnection()->add('b_file', [
            'TIMESTAMP_X' => new \Bitrix\Main\Type\DateTime(), 'MODULE_ID' => $arFile['MODULE_ID'] ?? 'iblock', 'HEIGHT' => $size[1], 'WIDTH' => $size[0],
            'FILE_SIZE' => strlen($content), 'CONTENT_TYPE' => $arFile['type'] ?? 'binary/octet-stream', 'SUBDIR' => $folder, 'FILE_NAME' => $name,
            'ORIGINAL_NAME' => $arFile['name'], 'EXTERNAL_ID' => $hash,
        ]);
    }

    public static function GetByID($fileId, $realId = false)
    {
        return new CDBResult(Application::getConnection()->query('SELECT * FROM b_file WHERE ID = ' . (int)$fileId));
    }

    public static function GetFileSRC($file, $uploadDir = false, $external = true)
    {
        return '/' . ($uploadDir ?: 'upload') . "/{$file['SUBDIR']}/{$file['FILE_NAME']}";
    }

    public static function GetFileArray($fileId, $uploadDir = false)
    {
        $row = (int)$fileId > 0 ? self::GetByID($fileId)->Fetch() : false;
        return $row === false ? false : $row + ['SRC' => self::GetFileSRC($row, $uploadDir)];
    }

    public static function GetPath($img_id)
    {
        $row = self::GetFileArray($img_id);
        return $row === false ? null : $row['SRC'];
    }

    public static function Delete($ID)
    {
        $row = self::GetFileArray($ID);
        if ($row !== false) {
            Application::getConnection()->queryExecute('DELETE FROM b_file WHERE ID = ' . (int)$ID);
            @unlink(\Bitrix\Main\Loader::getDocumentRoot() . $row['SRC']);
        }
    }
}
