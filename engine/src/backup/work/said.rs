//! Why there is no backup, as the administrator's screen says it. The log has the cause.

use crate::backup::BackupError;
use domain::text;

pub(super) fn of(error: &BackupError) -> String {
    match error {
        BackupError::FolderNotEmpty(folder) | BackupError::Busy(folder) => {
            format!("{} 已经有备份，或者正在备份、清理：请稍等一会儿再试", folder.display())
        }
        BackupError::NotWhole(folder) => format!("{} 不是完整的备份：请重新备份", folder.display()),
        BackupError::Damaged { file, .. } => {
            format!("备份已损坏：{file} 与备份时不同。请从保存的地方重新取一份，或者重新备份")
        }
        BackupError::Newer(version) => format!("它由更新的版本 {version} 制作：请用那个版本校验"),
        BackupError::NoRoom { folder, free, needed } => format!(
            "备份目录 {} 只剩 {}，而上一份备份有 {}：请腾出空间，或者减少保留的份数（--backups-kept）",
            folder.display(),
            text::size(*free),
            text::size(*needed)
        ),
        BackupError::Io { path, cause } => {
            format!("{} 读写失败（{cause}）：请检查磁盘空间和权限，再备份一次", path.display())
        }
        BackupError::Store(_) => "数据库读取失败：请看“运行状况”里的数据库，恢复后再备份一次".to_owned(),
        BackupError::Files(error) => format!("文件读取失败（{error}）：请看“运行状况”里的存储，恢复后再备份一次"),
        BackupError::AuditBroken(_) | BackupError::OtherDatabase(..) | BackupError::PlaceNotEmpty(_) => {
            "没有完成：原因在服务器日志里".to_owned()
        }
    }
}
