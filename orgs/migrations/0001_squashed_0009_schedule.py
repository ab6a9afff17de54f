"""Every table of this app at once, each made whole: a new database takes one step where an older one took nine.

The migrations it replaces stay for databases that stand between them, until the first version is out.
"""

import childwelfare.fields
import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('orgs', '0001_initial'),
        ('orgs', '0002_changes'),
        ('orgs', '0003_papers'),
        ('orgs', '0004_moves'),
        ('orgs', '0005_eligibility'),
        ('orgs', '0006_variants'),
        ('orgs', '0007_alerts'),
        ('orgs', '0008_guidance'),
        ('orgs', '0009_schedule'),
    ]

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='OrgUnit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='orgs.orgunit')),
                ('level', models.PositiveSmallIntegerField(choices=[(1, '市'), (2, '县（市、区）'), (3, '乡镇（街道）'), (4, '村（居）')], verbose_name='层级')),
                ('city', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.orgunit')),
                ('county', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.orgunit')),
                ('township', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.orgunit')),
                ('village', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.orgunit')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('code', models.CharField(blank=True, max_length=12, null=True, verbose_name='行政区划代码')),
                ('pinyin', models.CharField(blank=True, editable=False, max_length=100)),
                ('pilot', models.BooleanField(default=False, verbose_name='试点')),
                ('stand_in', models.BooleanField(default=False, verbose_name='补位（该层级实际不存在）')),
                ('host', models.CharField(blank=True, max_length=60, verbose_name='依托单位')),
                ('sign_hung_on', models.DateField(blank=True, null=True, verbose_name='挂牌日期')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='启用日期')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='停用日期')),
            ],
            options={
                'verbose_name': '机构',
                'permissions': [('view_unit', '查看机构'), ('manage_units', '管理机构'), ('manage_posts', '管理岗位和账号'), ('view_audit', '查看操作留痕'), ('view_child', '查看儿童档案'), ('list_masked', '查看脱敏名单'), ('reveal_child', '显示证件号和电话'), ('create_child', '建立和补充档案'), ('submit_child', '提交档案'), ('approve_child', '通过档案'), ('return_child', '退回档案'), ('propose_change', '提出档案变更'), ('approve_change', '通过档案变更'), ('return_change', '退回档案变更'), ('settle_station_work', '审定工作站自填的档案、变更和走访'), ('view_visit', '查看走访'), ('log_visit', '记录走访'), ('accept_visit', '通过走访'), ('return_visit', '退回走访'), ('view_figures', '查看统计'), ('export_figures', '导出汇总表'), ('export_roster', '导出花名册'), ('add_paper', '上传证件和照片'), ('void_paper', '作废他人上传的证件和照片'), ('disclose_child', '向监护人提供档案'), ('transfer_child', '转出儿童档案'), ('accept_transfer', '接收转入'), ('close_child', '结案'), ('reopen_child', '重新在册'), ('merge_child', '合并档案'), ('stay_child', '登记临时居住'), ('check_eligibility', '条件核对'), ('view_findings', '查看待核事项'), ('decide_category', '决定类别的增减'), ('manage_variants', '维护本地规定'), ('raise_alert', '上报强制报告'), ('view_alert', '查看强制报告'), ('acknowledge_alert', '签收强制报告'), ('handle_alert', '处置强制报告'), ('close_alert', '办结强制报告'), ('view_guidance', '查看指导监护'), ('guide_guardian', '指导监护和登记委托照护'), ('view_publicity', '查看宣传活动'), ('log_publicity', '记录宣传活动'), ('manage_schedule', '维护走访规则和专项走访'), ('order_visit', '要求加访')],
                'default_permissions': (),
                'indexes': [models.Index(fields=['parent', 'code'], name='unit_children'), models.Index(fields=['county', 'level'], name='unit_in_county'), models.Index(fields=['township', 'level'], name='unit_in_township')],
                'constraints': [models.CheckConstraint(condition=models.Q(('level__gte', 1), ('level__lte', 4)), name='unit_level_is_1_to_4'), models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('code', 'level'), name='unit_code_is_unique_at_level')],
            },
        ),
        migrations.CreateModel(
            name='AuditSeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ids', models.TextField()),
                ('digests', models.BinaryField()),
                ('previous', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='CountyMonth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.orgunit')),
                ('month', models.CharField(max_length=7)),
                ('wanted', models.PositiveBigIntegerField(default=1)),
                ('done', models.PositiveBigIntegerField(default=0)),
                ('lease', models.UUIDField(default=None, null=True)),
                ('lease_until', models.DateTimeField(null=True)),
                ('rolled_at', models.DateTimeField(null=True)),
                ('as_of', models.DateField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('county', 'month'), name='one_mark_per_county_and_month')],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=50, verbose_name='姓名')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='工作电话')),
                ('must_change_password', models.BooleanField(default=False, verbose_name='下次登录须改密码')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': '工作人员',
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='UnitGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='orgs.orgunit')),
            ],
            options={
                'unique_together': {('user', 'permission', 'content_object')},
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='orgs.orgunit')),
                ('role', models.CharField(choices=[('village_director', '儿童福利主任'), ('township_clerk', '工作站工作人员'), ('county_officer', '县级指导中心工作人员'), ('city_officer', '市级指导中心工作人员'), ('city_admin', '系统管理员'), ('auditor', '审计员')], max_length=32, verbose_name='岗位')),
                ('lead', models.BooleanField(default=False, verbose_name='负责人')),
                ('valid_from', models.DateField(verbose_name='任职日期')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='离任日期')),
                ('document', models.CharField(blank=True, max_length=60, verbose_name='任免文号')),
                ('appointed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '岗位任职',
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('person', 'unit', 'role'), name='one_open_appointment_per_post'), models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='appointment_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='Audit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.CharField(max_length=32, verbose_name='时间')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.appointment')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.orgunit')),
                ('action', models.CharField(max_length=40, verbose_name='操作')),
                ('record', models.CharField(blank=True, max_length=80, verbose_name='对象')),
                ('data', models.TextField(blank=True)),
            ],
            options={
                'indexes': [models.Index(fields=['record', '-id'], name='audit_of_record'), models.Index(fields=['person', '-id'], name='audit_of_person')],
            },
        ),
        migrations.CreateModel(
            name='AuditPending',
            fields=[
                ('audit', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='orgs.audit')),
            ],
        ),
        migrations.CreateModel(
            name='FormDraft',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('key', models.CharField(max_length=100)),
                ('body', childwelfare.fields.EncryptedTextField(label='orgs.formdraft.body')),
                ('kept_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'key'), name='one_draft_per_form_and_person')],
            },
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='orgs.appointment')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField()),
            ],
        ),
    ]
